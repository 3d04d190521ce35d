"""“Jabatan saya”, and any person for those who may: posts, who appraises them and why, absences, ties, split periods, history.

Each form is an act of `kinerja.services.staff.people`; which of them stand on the page follows the permissions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for

from kinerja.core.errors import InputError, KinerjaError
from kinerja.core.periods import Period, parse_date
from kinerja.services.context import Context, allowed
from kinerja.services.cycles import realign
from kinerja.services.posts import orgmap, profile
from kinerja.services.staff import history, people
from kinerja.services.views import Receipt
from kinerja.store import models as db

from ..base import Desk, expose, not_found
from ..session import actor, context, signed_in
from ..texts import _, pick, sentence

MOST = 300
Act = Callable[..., Receipt]


def text(name: str) -> str:
    return request.form.get(name, "").strip()[:MOST]


def day(name: str) -> date:
    return parse_date(text(name))


def day_or_none(name: str) -> date | None:
    return day(name) if text(name) else None


def post() -> Any:
    """The chosen post; InputError when none was chosen."""
    chosen = text("jabatan")
    row = (
        db.Position.get_or_none(db.Position.id == int(chosen))
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 10
        else None
    )
    if row is None:
        raise InputError("jabatan_belum_dipilih", "pilih jabatannya", "choose the post")
    return row


def _transfer(who: Context, nip: str) -> Receipt:
    target = post()
    return people.transfer(who, nip, target.code, target.unit.code, day("mulai"), target.job_class)


def _assign(who: Context, nip: str) -> Receipt:
    target = post()
    entry = people.AssignmentEntry(
        nip, target.code, target.unit.code, day("mulai"), day_or_none("sampai"), text("jenis"), target.job_class
    )
    return people.assign(who, entry)


def _end(who: Context, nip: str) -> Receipt:
    target = post()
    return people.end_assignment(who, nip, target.code, target.unit.code, day("sampai"))


ACTS: Mapping[str, Act] = {
    "pindah": _transfer,
    "tugaskan": _assign,
    "akhiri": _end,
    "sesuaikan": realign.align,
    "serahkan": realign.hand_over,
    "berhenti": lambda who, nip: people.leave(who, nip, day("sampai"), text("sebab") or "pensiun"),
    "absen": lambda who, nip: people.record_absence(
        who, nip, Period(day("mulai"), day("sampai")), text("jenis") or "cuti", text("catatan")
    ),
    "ubah-absen": lambda who, nip: people.end_absence(who, nip, day("mulai"), day("sampai")),
    "benturan": lambda who, nip: people.declare_conflict(
        who, nip, text("lain"), day_or_none("mulai") or who.city.today(), text("jenis") or "keluarga", text("catatan")
    ),
    "akhiri-benturan": lambda who, nip: people.end_conflict(who, nip, text("lain"), day("sampai")),
}


class StaffDesk(Desk):
    def is_visible(self) -> bool:
        return signed_in() and bool(actor().nip)

    def is_here(self) -> bool:
        """“Jabatan saya” names one's own page, not another person's."""
        return bool((request.view_args or {}).get("nip", actor().nip) == actor().nip)

    @expose("/")
    def index(self) -> Any:
        """One's own page."""
        if not actor().nip:
            return self.inaccessible_callback("index")
        return self._page(actor().nip)

    @expose("/<nip>")
    def show(self, nip: str) -> Any:
        return self._page(nip)

    @expose("/<nip>/<act>", methods=("POST",))
    def act(self, nip: str, act: str) -> Any:
        if act not in ACTS:
            raise not_found()
        try:
            receipt = ACTS[act](context(), nip)
        except KinerjaError as error:
            if error.http_status == 403:
                raise
            said, remedy = sentence(error)
            flash(f"{said} → {remedy}" if remedy else said, "error")
        else:
            flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")
        return redirect(url_for("staff.show", nip=nip))

    def _page(self, nip: str) -> Any:
        who = context()
        page = profile.person_page(who, nip)
        record = people.own_record(people.person_by_nip(nip))
        may_edit = allowed(who, "people.edit", unit=record.unit)
        units = orgmap.flat(orgmap.position_map(who)) if may_edit else ()
        return self.render(
            "kinerja/person.html",
            page=page,
            own=nip == actor().nip,
            may_edit=may_edit,
            may_declare=allowed(who, "conflict.declare", case=record),
            moves=realign.preview(who, nip) if allowed(who, "cycle.open", unit=record.unit) else (),
            left=realign.stranded(who, nip) if allowed(who, "cycle.open", unit=record.unit) else 0,
            units=[unit for unit in units if unit.posts],
            kinds=people.ASSIGNMENT_KINDS,
            history=history.history_of(who, "person", page.id),
            told=history.told,
            today=who.city.today().isoformat(),
            running=[seat for seat in page.seats if seat.running],
            aspect=_aspect,
        )


def _aspect(name: str) -> str:
    """A personnel record's aspect in words."""
    if name.startswith("kompetensi:"):
        return _("Kompetensi %(name)s", name=name.removeprefix("kompetensi:"))
    return {"potensi": _("Potensi"), "predikat": _("Predikat terdahulu")}.get(name, name)
