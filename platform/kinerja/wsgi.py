"""The console as a WSGI application, for any server: `KINERJA_CITY=DIR gunicorn kinerja.wsgi:app`."""

from __future__ import annotations

from typing import Any

from kinerja_admin import create_app

from .bootstrap import open_city
from .core.errors import InputError
from .settings import CITY_VARIABLE, find_city


def app(environ: Any = None, start_response: Any = None) -> Any:
    """Answer one request; the city is opened at the first."""
    global _application
    if _application is None:
        _application = make()
    return _application(environ, start_response)


def make(folder: str | None = None) -> Any:
    """A Flask application on the city named, or on the one of the environment or the current folder."""
    city = find_city(folder)
    if city is None:
        raise InputError(
            "tidak_ada_kota",
            "folder ini bukan kota Kinerja",
            "this folder is not a Kinerja city",
            remedy_id=f"isi {CITY_VARIABLE} dengan folder kota, atau buat: kinerja init DIR",
            remedy_en=f"set {CITY_VARIABLE} to a city's folder, or make one: kinerja init DIR",
        )
    return create_app(open_city(city))


_application: Any = None
