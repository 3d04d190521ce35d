"""`kinerja demo`: the main job on an invented city, or on real events."""

from __future__ import annotations

import time
from pathlib import Path

import click

from ..core.errors import InputError
from ..demo.story import run_demo
from ..demo.summary import render
from ..settings import shipped
from .common import guarded, note


@click.command()
@click.option("--dir", "folder", default="var/demo", show_default=True, metavar="DIR", type=click.Path(path_type=Path))
@click.option("--events", metavar="CSV", type=click.Path(path_type=Path), help="Run on this event log instead of an invented city.")
@click.option(
    "--map",
    "map_file",
    metavar="YAML",
    type=click.Path(path_type=Path),
    help="How to read the events (default: the permit log's map).",
)
@guarded
def demo(folder: Path, events: Path | None, map_file: Path | None) -> None:
    """Build a demo city, run a full evaluation cycle, write the letters, print a summary."""
    if map_file is not None and events is None:
        raise InputError(
            "argumen_berlebih",
            "--map hanya berarti bersama --events",
            "--map means something only with --events",
            remedy_id="sebutkan --events, atau hapus --map",
            remedy_en="name --events, or leave --map out",
        )
    started = time.monotonic()

    def progress(text: str) -> None:
        note(f"  {time.monotonic() - started:5.1f} s  {text}")

    if events is None:
        summary = run_demo(folder, progress)
    else:
        from ..demo.real import run_on_events

        summary = run_on_events(folder, events, map_file or shipped("config") / "demo" / "permit-receipt-map.yaml", progress)
    click.echo(render(summary), nl=False)
    note(f"  {time.monotonic() - started:5.1f} s  selesai")
