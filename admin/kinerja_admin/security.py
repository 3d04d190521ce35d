"""Signing in: argon2, account name or NIP, sessions kept on the server, equal answers, a brake on guessing.

A session gets a new id when someone signs in, and dies on the server when they sign out: a copied cookie is then worth nothing.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from cachelib.file import FileSystemCache
from flask import Flask, current_app, flash, request, session
from flask_login import user_logged_out
from flask_security import LoginForm, Security, password_changed, user_authenticated
from flask_session import Session
from flask_wtf import CSRFProtect
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from kinerja.core.clock import Clock
from kinerja.services.acts import Done, perform

from .accounts import Account, AccountStore
from .session import context
from .texts import _
from .throttle import Throttle

LEAST_PASSWORD = 12
_MAX_SESSIONS = 100_000
_IDLE = timedelta(hours=8)
_CHEAP = {"argon2__rounds": 1, "argon2__memory_cost": 1024, "argon2__parallelism": 1}


class SignInForm(LoginForm):
    """Account name or NIP and password; `throttled` tells the page which of its two sentences to show."""

    email = StringField()  # unused: there only because Flask-Security looks at its errors
    remember = None
    username = StringField(validators=[InputRequired(), Length(max=64)])
    throttled = False

    def validate(self, **kwargs: Any) -> bool:
        brake: Throttle = current_app.extensions["kinerja_throttle"]
        clock: Clock = current_app.extensions["kinerja_clock"]
        name, address = (self.username.data or "")[:64], request.remote_addr or ""
        if brake.blocked(name, address, clock.now()):
            self.throttled = True
            self.username.errors = ("throttled",)
            return False
        self.ifield = self.username
        self.user = current_app.extensions["security"].datastore.find_user(username=name.strip())
        if not super().validate(**kwargs):
            brake.failed(name, address, clock.now())
            return False
        brake.succeeded(name)
        return True


def init_app(app: Flask, folder: Path, clock: Clock, *, testing: bool = False) -> None:
    """folder: where sessions and counters live, in the city's own folder."""
    app.config.update(
        SESSION_TYPE="cachelib",
        SESSION_CACHELIB=FileSystemCache(str(folder / "sessions"), threshold=_MAX_SESSIONS, mode=0o600),
        SESSION_PERMANENT=True,
        PERMANENT_SESSION_LIFETIME=_IDLE,
        SESSION_COOKIE_NAME="kinerja",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - a scheme, not a password
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=_CHEAP if testing else {},
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_LOGIN_URL="/masuk",
        SECURITY_LOGOUT_URL="/keluar",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/masuk",
        SECURITY_LOGIN_USER_TEMPLATE="kinerja/login.html",
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_CHANGEABLE=True,
        SECURITY_CHANGE_URL="/kata-sandi",
        SECURITY_CHANGE_PASSWORD_TEMPLATE="kinerja/password.html",  # noqa: S106
        SECURITY_POST_CHANGE_VIEW="/",
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_PASSWORD_LENGTH_MIN=LEAST_PASSWORD,
        SECURITY_REGISTERABLE=False,
        SECURITY_RECOVERABLE=False,
        SECURITY_TRACKABLE=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
    )
    folder.mkdir(parents=True, exist_ok=True)
    app.extensions["kinerja_throttle"] = Throttle(folder / "throttle.sqlite")
    app.extensions["kinerja_clock"] = clock
    Session(app)
    CSRFProtect(app)
    guard = Security(app, AccountStore(), login_form=SignInForm)
    guard.want_json(lambda request: False)  # one way in, with one sentence for every failure

    def new_session(sender: Flask, **_given: Any) -> None:
        app.session_interface.regenerate(session)  # type: ignore[attr-defined]

    def end_session(sender: Flask, **_given: Any) -> None:
        session.clear()

    def changed(sender: Flask, user: Account, **_given: Any) -> None:
        """The new password is in force for this session alone; the ledger keeps that it was changed, never what it is."""
        done = Done(f"account:{user.username}", "Kata sandi diganti", "Password changed")
        perform(context(), "account.password", lambda: done)
        flash(_("Kata sandi sudah diganti. Sesi lain dengan kata sandi lama sudah berakhir."), "success")

    password_changed.connect(changed, app, weak=False)
    user_authenticated.connect(new_session, app, weak=False)
    user_logged_out.connect(end_session, app, weak=False)
