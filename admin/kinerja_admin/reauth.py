"""Acts that weigh more than a click ask for the password once more; guessing meets the same brake as signing in."""

from __future__ import annotations

from flask import current_app, request
from flask_security import current_user

from kinerja.core.clock import Clock
from kinerja.core.errors import ForbiddenError

from .throttle import Throttle

MAX_PASSWORD = 1_000


def require_password(given: str) -> None:
    """Raise ForbiddenError(`kata_sandi_salah`) unless this is the signed-in person's password."""
    brake: Throttle = current_app.extensions["kinerja_throttle"]
    clock: Clock = current_app.extensions["kinerja_clock"]
    name, address = current_user.username, request.remote_addr or ""
    if brake.blocked(name, address, clock.now()):
        raise ForbiddenError(
            "terlalu_banyak_percobaan",
            "terlalu banyak percobaan",
            "too many attempts",
            remedy_id="tunggu beberapa menit, lalu coba lagi",
            remedy_en="wait a few minutes, then try again",
        )
    if not given or len(given) > MAX_PASSWORD or not current_user.verify_and_update_password(given):
        brake.failed(name, address, clock.now())
        raise ForbiddenError(
            "kata_sandi_salah",
            "kata sandi tidak cocok; tidak ada yang berubah",
            "the password does not match; nothing has changed",
            remedy_id="ketik kata sandi akun Anda",
            remedy_en="type the password of your account",
        )
    brake.succeeded(name)
