"""An import of a staff table taken back: exactly its rows, and only while nothing stands on them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from ...core.errors import ConflictError, NotFoundError
from ...store import models as db
from ...store.queries import objects, rows
from ..acts import Done, perform
from ..context import WHOLE_CITY, Context, require
from ..staff.touched import AssignmentChange, touched
from ..views import Receipt
from .imports import PREFIX, kind_named
from .tables import Kind
from .world import World


def undo(context: Context, id: int, key: str | None = None) -> Receipt:
    """Take exactly this import back: rows it added go, rows it changed are as before; nothing else is touched.

    Raises ConflictError(`impor_sudah_dipakai`) listing what was built on it since, ConflictError(`impor_sudah_diurungkan`).
    """
    require(context, "people.import")

    def work() -> Done:
        source: Any = db.Import.get_or_none(db.Import.id == id, db.Import.kind.startswith(PREFIX))
        if source is None:
            raise NotFoundError("impor_tidak_ada", f"impor {id} tidak ada", f"there is no import {id}")
        if source.imported_by != context.actor.id:
            require(context, "people.import", unit=WHOLE_CITY)
        now = context.city.clock.now()
        update = db.Import.update(undone_at=now, undone_by=context.actor.id)
        if update.where(db.Import.id == id, db.Import.undone_at.is_null()).execute() != 1:
            raise ConflictError(
                "impor_sudah_diurungkan", f"impor {id} sudah diurungkan", f"import {id} has been taken back already"
            )
        kind = kind_named(source.kind.removeprefix(PREFIX))
        done = list(objects(db.ImportChange.select().where(db.ImportChange.source == id).order_by(db.ImportChange.id.desc())))
        stands_on = _stands_on(context, kind, source, done)
        if stands_on:
            raise ConflictError(
                "impor_sudah_dipakai",
                f"impor {id} tidak dapat diurungkan; sudah dipakai: {'; '.join(stands_on[:5])}",
                f"import {id} cannot be taken back; in use: {'; '.join(stands_on[:5])}",
                remedy_id="urungkan dahulu yang dibangun di atasnya, atau betulkan baris satu per satu",
                remedy_en="take back first what stands on it, or mend row by row", in_use=stands_on,
            )  # fmt: skip
        _take_back(kind, done)
        added = sum(change.before is None for change in done)
        return Done(
            f"import:{id}",
            f"Impor {source.file} diurungkan: {added} baris dihapus, {len(done) - added} dikembalikan",
            f"Import {source.file} taken back: {added} rows removed, {len(done) - added} restored",
            payload={"kind": kind.name, "file": source.file, "removed": added, "restored": len(done) - added},
            values={"removed": added, "restored": len(done) - added},
        )

    return perform(context, "people.undo", work, key)


def _stands_on(context: Context, kind: Kind, source: Any, done: list[Any]) -> list[str]:
    """What would lose its ground: rows changed since, and rows of other tables that refer to what the import added."""
    found = []
    versions = dict(rows(kind.model.select(kind.model.id, kind.model.version).where(kind.model.id.in_([one.row for one in done]))))
    for change in done:
        if versions.get(change.row) != change.row_version:
            row = kind.model.get_or_none(kind.model.id == change.row)
            found.append(f"baris {change.line} ({row if row is not None else 'sudah hilang'}) diubah sesudahnya")
    added = [change.row for change in done if change.before is None]
    lines = {change.row: change.line for change in done}
    for model in db.MODELS:
        for column in model._meta.sorted_fields:
            if getattr(column, "rel_model", None) is not kind.model:
                continue
            query = model.select(column).where(column.in_(added)).distinct()
            if model is kind.model:  # units of the same import below each other go together
                query = query.where(model.id.not_in(added))
            found += [f"baris {lines[row]} dirujuk {model._meta.table_name}" for (row,) in rows(query.limit(20))]
    return found + (_cases_since(context, source, done) if kind.name == "penugasan" else [])


def _cases_since(context: Context, source: Any, done: list[Any]) -> list[str]:
    """Cases opened since the import in the days that its assignments brought: they were planned by them."""
    seat = db.Assignment
    by_id: dict[int, Any] = {row.id: row for row in seat.select().where(seat.id.in_([change.row for change in done]))}
    changes = []
    for change in done:
        row = by_id[change.row]
        earlier = None if change.before is None else change.before | {"first": row.first}
        last = row.last if earlier is None or "last" not in earlier else _day(earlier["last"])
        before = None if earlier is None else (row.first, last)
        changes.append(AssignmentChange(row.person_id, row.position_id, before, (row.first, row.last)))
    ids = [one.case for one in touched(context, changes)]
    opened = db.Case.select(db.Case, db.Cycle, db.Person).join(db.Cycle).switch(db.Case)
    opened = opened.join(db.Person, on=(db.Case.person == db.Person.id), attr="person")
    since = opened.where(db.Case.id.in_(ids), db.Case.opened_at >= source.imported_at)
    return [f"kasus {case.person.name} pada siklus {case.cycle.code}" for case in objects(since)]


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def _take_back(kind: Kind, done: list[Any]) -> None:
    world = World.load()
    for change in done:
        if change.before is None:
            kind.model.delete().where(kind.model.id == change.row).execute()
            continue
        columns = {name: _as_column(value) for name, value in change.before.items()}
        if "parent" in columns:
            columns["parent"] = world.units[columns["parent"]] if columns["parent"] else None
        if "level" in columns:
            columns["level"] = columns["level"] or None
        kind.model.update(**columns, version=kind.model.version + 1).where(kind.model.id == change.row).execute()


def _as_column(value: Any) -> Any:
    """A value kept as exact JSON, as its column wants it: whole numbers come back as fractions, days as text."""
    return int(value) if isinstance(value, Fraction) else value
