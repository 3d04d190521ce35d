"""What a reader sees when something is refused or fails: status, code, one sentence, what to do. Never a traceback."""

from __future__ import annotations

import logging
from http import HTTPStatus

import peewee
from flask import Flask, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from kinerja.core.errors import BusyError, KinerjaError
from kinerja.store.database import translated

from .texts import _, sentence

Answer = tuple[str, int, dict[str, str]]
log = logging.getLogger("kinerja.admin")


def _heading(status: int) -> str:
    return {
        400: _("Permintaan tidak lengkap"),
        403: _("Tidak berwenang"),
        404: _("Tidak ditemukan"),
        405: _("Cara ini tidak tersedia"),
        409: _("Sudah berubah"),
        422: _("Belum dapat diproses"),
        429: _("Terlalu sering"),
        503: _("Sedang sibuk"),
    }.get(status, _("Terjadi kesalahan"))


def page(status: int, code: str, text: str, remedy: str = "", place: str = "") -> tuple[str, int]:
    body = render_template(
        "kinerja/error.html", status=status, code=code, heading=_heading(status), text=text, remedy=remedy, place=place
    )
    return body, status


def init_app(app: Flask) -> None:
    @app.errorhandler(KinerjaError)
    def _known(error: KinerjaError) -> Answer:
        if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("%s", error.line("en"))
        text, remedy = sentence(error)
        body, status = page(error.http_status, error.code, text, remedy, str(error.place or ""))
        wait = error.details.get("retry_after")
        return body, status, {"Retry-After": str(wait)} if wait else {}

    @app.errorhandler(peewee.OperationalError)
    def _database(error: peewee.OperationalError) -> Answer:
        try:
            with translated():
                raise error
        except BusyError as busy:
            return _known(busy)
        except peewee.OperationalError:
            return _unknown(error)

    @app.errorhandler(CSRFError)
    def _forged(error: CSRFError) -> tuple[str, int]:
        return page(
            400,
            "token_hilang",
            _("Permintaan ini tidak berasal dari halaman Kinerja yang masih berlaku."),
            _("Buka kembali halamannya, lalu kirim lagi."),
        )

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
        status = error.code or 500
        if status < HTTPStatus.BAD_REQUEST:
            return error
        texts = {
            403: _("Peran Anda tidak mencakup halaman atau tindakan ini."),
            404: _("Alamat ini tidak menunjuk ke apa pun."),
        }
        return page(status, f"http_{status}", texts.get(status, _("Permintaan ini tidak dapat dilayani.")))

    @app.errorhandler(Exception)
    def _unknown(error: Exception) -> Answer:
        log.error("unexpected error", exc_info=error)
        body, status = page(
            500,
            "kesalahan_dalam",
            _("Kesalahan ini tercatat; tidak ada yang berubah."),
            _("Coba lagi; bila berulang, sampaikan kepada administrator."),
        )
        return body, status, {}
