"""The root command. Subcommands are imported when they are called, so that `kinerja --version` does not load an engine."""

from __future__ import annotations

import io
import sys

import click

from .. import __version__
from .lazy import LazyGroup

COMMANDS = {
    # name: (module, attribute)
    "init": ("init", "init"),
    "demo": ("demo", "demo"),
    "serve": ("serve", "serve"),
    "rules": ("rules", "rules"),
    "decide": ("decide", "decide"),
    "evaluate": ("evaluate", "evaluate"),
    "explain": ("explain", "explain"),
    "whatif": ("whatif", "whatif"),
    "bulk": ("bulk", "bulk"),
    "population": ("population", "population"),
    "simulate": ("simulate", "simulate"),
    "forecast": ("forecast", "forecast"),
    "measure": ("measure", "measure"),
    "calendar": ("calendar", "calendar"),
    "process": ("process", "process"),
    "people": ("people", "group"),
    "cycle": ("cycle", "cycle"),
    "jobs": ("jobs", "jobs"),
    "task": ("task", "task"),
    "notice": ("notice", "notice"),
    "case": ("case", "case"),
    "training": ("training", "training"),
    "peers": ("peers", "peers"),
    "fairness": ("fairness", "fairness"),
    "letter": ("letter", "letter"),
    "pay": ("pay", "pay"),
    "audit": ("audit", "audit"),
    "db": ("db", "db"),
    "dmn": ("dmn", "dmn"),
    "sheets": ("sheets", "sheets"),
    "tck": ("tck", "tck"),
}


@click.command(cls=LazyGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="kinerja")
def main() -> None:
    """Kinerja: pengelolaan jabatan ASN berbasis kinerja / performance-based management of civil-service positions."""
    for stream in (sys.stdout, sys.stderr):  # what we print is UTF-8, whatever the locale: JSON, names, Indonesian text
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() not in ("utf-8", "utf8"):
            stream.reconfigure(encoding="utf-8")
