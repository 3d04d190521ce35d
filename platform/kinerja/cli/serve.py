"""`kinerja serve`: the console on one machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from ..bootstrap import open_city
from ..core.errors import InputError
from ..jobs import Timekeeper
from ..settings import find_city, load_settings
from .common import city_option, guarded, note

DEMO = Path("var/demo")


class _Server(BaseApplication):
    """gunicorn with one process of several threads: the city keeps its engine workers in that process."""

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        self._folder, self._options = folder, options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        from kinerja_admin import create_app

        city = open_city(self._folder)
        Timekeeper(city).start()
        return create_app(city)


@click.command()
@city_option
@click.option("--host", metavar="ADDRESS", help="Address to listen on (default: the city's setting, 127.0.0.1).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port (default: the city's setting, 8080).")
@guarded
def serve(city: str | None, host: str | None, port: int | None) -> None:
    """Open the console of a city (default: this folder's, else the demo's)."""
    folder = find_city(city) or (find_city(str(DEMO)) if DEMO.is_dir() else None)
    if folder is None:
        raise InputError(
            "tidak_ada_kota",
            "belum ada kota di sini",
            "there is no city here yet",
            remedy_id="jalankan ./run demo, atau kinerja init DIR lalu kinerja serve --city DIR",
            remedy_en="run ./run demo, or kinerja init DIR and kinerja serve --city DIR",
        )
    settings = load_settings(folder)
    open_city(folder).close()  # any trouble is told here, in one line, before a server starts
    address = f"{host or settings.host}:{port or settings.port}"
    note(f"Konsol {settings.city}: http://{address}/  (Ctrl-C untuk berhenti)")
    options = {
        "bind": address,
        "workers": 1,
        "worker_class": "gthread",
        "threads": 8,
        "timeout": 120,
        "graceful_timeout": 30,
        "loglevel": "warning",
        "proc_name": "kinerja",
        "control_socket_disable": True,
    }
    _Server(folder, options).run()
