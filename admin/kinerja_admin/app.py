"""The console as a Flask application over one open city."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_admin import Admin
from flask_admin.theme import Theme
from flask_babel import Babel

from kinerja.services.city import City
from kinerja.services.evaluation.shares import arithmetic

from . import errors, formats, headers, security, texts, why
from .desks import desks, evidence, home
from .session import actor, signed_in, who
from .tables import registers
from .texts import _, word

MAX_REQUEST = 2 * 1024 * 1024
MAX_PARTS = 500


@dataclass(frozen=True, slots=True)
class MenuEntry:
    name: str
    url: str
    current: bool
    count: int


@dataclass(frozen=True, slots=True)
class MenuGroup:
    title: str
    entries: tuple[MenuEntry, ...]


def create_app(city: City, *, testing: bool = False) -> Flask:
    """The console of one city. testing: cheap password hashing, errors of the application not hidden by the server."""
    app = Flask("kinerja_admin", instance_path=str(city.folder / "console"))
    app.config.update(
        TESTING=testing,
        SECRET_KEY=city.settings.secret,
        SECURITY_PASSWORD_SALT=city.settings.secret,  # argon2 salts each password itself; Flask-Security insists on one
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST,
        MAX_FORM_PARTS=MAX_PARTS,
        SESSION_COOKIE_SECURE=False,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.extensions["kinerja_city"] = city
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _connections(app, city)
    evidence.init_app(app)
    Babel(app, default_locale="id", locale_selector=texts.language, configure_jinja=False)  # Flask-Admin asks for one
    texts.init_app(app)
    formats.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    app.jinja_env.globals.update(why_parts=why.parts, why_anchor=why.anchor, why_drawn=why.drawn, who=who, arithmetic=arithmetic)
    security.init_app(app, city.folder / "console", city.clock, testing=testing)
    admin = Admin(app, name="Kinerja", index_view=home(), theme=Theme(folder="bootstrap4", base_template="kinerja/base.html"))
    admin.add_views(*desks(), *registers())
    _page_frame(app, admin, city)
    return app


def _connections(app: Flask, city: City) -> None:
    """Each request works on its own thread's connection, and gives it back."""
    database = city.store.database

    @app.before_request
    def _open() -> None:
        if request.endpoint not in ("static", "home.static"):
            database.connect(reuse_if_open=True)

    @app.teardown_request
    def _close(error: BaseException | None) -> None:
        if not database.is_closed() and not database.in_transaction():
            database.close()


def _page_frame(app: Flask, admin: Admin, city: City) -> None:
    @app.context_processor
    def _frame() -> dict[str, Any]:
        release = city.find_release()
        frame: dict[str, Any] = {
            "city_name": city.settings.city,
            "sample_city": city.settings.is_demo,
            "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
            "release": release.fingerprint if release else "",
            "person": None,
            "menu": (),
        }
        if signed_in():
            frame["person"] = {"name": actor().name, "roles": _roles()}
            frame["menu"] = _menu(admin)
        return frame


def _roles() -> str:
    return ", ".join(word("role", role) for role in actor().roles) or word("role", "pegawai")


def _menu(admin: Admin) -> tuple[MenuGroup, ...]:
    groups: dict[str, list[MenuEntry]] = {}
    for view in admin._views:
        if view.is_visible() and view.is_accessible():
            url = url_for(f"{view.endpoint}.{view._default_view}")
            here = request.endpoint is not None and request.endpoint.split(".")[0] == view.endpoint and view.is_here()
            groups.setdefault(view.group, []).append(MenuEntry(view.title, url, here, view.waiting()))
    return tuple(MenuGroup(_(title) if title else "", tuple(entries)) for title, entries in groups.items())
