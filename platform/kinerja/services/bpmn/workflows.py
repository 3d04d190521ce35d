"""Looking at the city's processes: what runs on which version, the drawing, the human tasks with their forms, the files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee

from ...process import Form, HumanTaskDef, picture
from ...store import models as db
from ...store.queries import objects, rows
from ..city import NEWEST
from ..context import Context, require


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """running: open cases on the newest version; older: open cases on earlier ones."""

    process: str
    title: str
    version: str
    loaded_at: datetime
    running: int
    older: int


@dataclass(frozen=True, slots=True)
class VersionLine:
    version: str
    loaded_at: datetime
    open: int
    closed: int


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A migration that was made. moved: cases not put back since."""

    batch: str
    at: datetime
    by: str
    moved: int
    reverted: int


@dataclass(frozen=True, slots=True)
class Workflow:
    """One process, newest version. drawing: SVG; steps: its human tasks with their forms, in the drawing's order; files: names."""

    process: str
    title: str
    documentation: str
    drawing: str
    steps: tuple[tuple[HumanTaskDef, Form], ...]
    files: tuple[str, ...]
    versions: tuple[VersionLine, ...]
    moves: tuple[MoveLine, ...]


def processes(context: Context) -> tuple[ProcessLine, ...]:
    """Every process of the city, by name."""
    require(context, "process.read")
    counts = _open_cases()
    version = db.ProcessVersion
    found: dict[str, list[Any]] = defaultdict(list)
    for row in objects(
        version.select(version.id, version.process, version.title, version.version, version.loaded_at).order_by(*NEWEST)
    ):
        found[row.process].append(row)
    return tuple(
        ProcessLine(
            name, newest.title, newest.version, newest.loaded_at, counts.get(newest.id, 0),
            sum(counts.get(row.id, 0) for row in earlier),
        )
        for name, (newest, *earlier) in sorted(found.items())
    )  # fmt: skip


def workflow(context: Context, process: str, language: str = "id") -> Workflow:
    """Raises NotFoundError(`proses_tidak_ada`)."""
    require(context, "process.read")
    newest = context.city.process_version(process)
    definition = context.city.definition(newest)
    tasks = [task for task in definition.tasks.values() if task.process == process]
    return Workflow(
        process=process,
        title=definition.title,
        documentation=definition.main.documentation,
        drawing=picture(definition.main, language=language),
        steps=tuple((task, definition.forms[task.form]) for task in tasks),
        files=tuple(files_of(context, process)),
        versions=_versions(process),
        moves=_moves(process),
    )


def files_of(context: Context, process: str) -> Mapping[str, str]:
    """File → text of the newest version, its own files only: what it calls are processes of their own."""
    require(context, "process.read")
    files: Mapping[str, str] = context.city.process_version(process).files
    return {name: text for name, text in sorted(files.items()) if name.startswith(f"{process}/")}


def _open_cases(*, state: str = "open") -> dict[int, int]:
    count = peewee.fn.COUNT(db.Case.id)
    return dict(rows(db.Case.select(db.Case.process, count).where(db.Case.state == state).group_by(db.Case.process)))


def _versions(process: str) -> tuple[VersionLine, ...]:
    running, closed = _open_cases(), _open_cases(state="closed")
    table = db.ProcessVersion
    query = table.select(table.id, table.version, table.loaded_at).where(table.process == process).order_by(*NEWEST)
    return tuple(VersionLine(row.version, row.loaded_at, running.get(row.id, 0), closed.get(row.id, 0)) for row in objects(query))


def _moves(process: str) -> tuple[MoveLine, ...]:
    move = db.CaseMove
    query = (
        move.select(
            move.batch, move.moved_at, move.moved_by, peewee.fn.COUNT(move.id), peewee.fn.COUNT(move.reverted_at)
        )
        .where(move.batch.startswith(f"{process}:"))
        .group_by(move.batch, move.moved_at, move.moved_by)
        .order_by(move.moved_at.desc())
    )  # fmt: skip
    return tuple(MoveLine(batch, at, by, count - reverted, reverted) for batch, at, by, count, reverted in rows(query))
