"""Staff tables taken in from files: seen first, taken in whole in one transaction, and taken back while nothing stands on them.

A preview writes nothing. Rows that cannot be taken are told with line, column, reason and remedy, and left out; the same file again
changes nothing while its import stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

from ...core.errors import InputError
from ...ingest.tabular import MOST_BYTES, read_table
from ...store import models as db
from ...store.queries import objects, rows
from ..acts import Done, changed, perform
from ..casework import reacting
from ..context import Context, reach, require
from ..staff.touched import AssignmentChange, touched
from .cells import Refused, values
from .tables import ATTENDANCE, KINDS, Kind, Plain, Stored
from .world import World

__all__ = ["MOST_BYTES", "imports", "preview", "take_in"]

PREFIX = "data:"
ADDED, CHANGED, UNCHANGED = "ditambah", "diubah", "tetap"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What a row of the file does. action: ditambah, diubah, tetap; before: the values that change, as they stand."""

    line: int
    action: str
    what: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that cannot be taken. column: its heading, "" = the row as a whole."""

    line: int
    column: str
    code: str
    text: tuple[str, str]
    remedy: tuple[str, str]


@dataclass(frozen=True, slots=True)
class StaffPreview:
    """What taking the file in would do. earlier: id of the import by which this very file stands already, None = not yet.

    unused: headings no column is named by. touched: cases already under way that changed assignments reach.
    """

    kind: str
    file: str
    sha256: str
    rows: tuple[PlannedRow, ...]
    rejected: tuple[Rejection, ...]
    unused: tuple[str, ...]
    earlier: int | None
    touched: int = 0

    def count(self, action: str) -> int:
        return sum(row.action == action for row in self.rows)


@dataclass(frozen=True, slots=True)
class StaffImport:
    """An import on record. undone: when it was taken back, None = it stands."""

    id: int
    kind: str
    file: str
    sha256: str
    at: datetime
    by: str
    added: int
    changed: int
    rejected: tuple[Rejection, ...]
    undone: datetime | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did. same_file: this very file stands already, and nothing was done. touched: cases its assignments reach."""

    id: int
    added: int
    changed: int
    unchanged: int
    rejected: tuple[Rejection, ...]
    touched: int
    same_file: bool = False


@dataclass(slots=True)
class _Step:
    """A planned row with what carrying it out needs."""

    plan: PlannedRow
    plain: Plain
    stored: Stored | None


def kind_named(name: str) -> Kind:
    if name not in KINDS:
        known = ", ".join(KINDS)
        raise InputError("jenis_impor", f"jenis “{name}” tidak dikenal; ada: {known}", f'unknown kind "{name}"; there is: {known}')
    return KINDS[name]


def preview(context: Context, kind: str, data: bytes, file: str) -> StaffPreview:
    """What importing would do, row by row; nothing is written. Raises InputError for a file that cannot be read at all."""
    require(context, "people.import")
    table = kind_named(kind)
    steps, rejected, unused, world = _plan(context, table, data, file)
    reached = touched(context, _seat_changes(table, world, steps)) if table.name == "penugasan" else ()
    sha256 = hashlib.sha256(data).hexdigest()
    return StaffPreview(
        kind,
        PurePath(file).name,
        sha256,
        tuple(step.plan for step in steps),
        rejected,
        unused,
        _standing(kind, sha256),
        len(reached),
    )


def take_in(context: Context, kind: str, data: bytes, file: str, *, whole: bool = False, key: str | None = None) -> Taken:
    """Take the file's rows in, in one transaction; what cannot be taken is left out and kept with the import.

    whole: refuse (InputError `baris_ditolak`) when any row cannot be taken. The same file again changes nothing while its import
    stands. The file is kept under the city's `imports/`, by its hash.
    """
    require(context, "people.import")
    table = kind_named(kind)
    sha256 = hashlib.sha256(data).hexdigest()
    name = PurePath(file).name[:300]
    earlier = _standing(kind, sha256)
    if earlier is not None:
        return Taken(earlier, 0, 0, 0, (), 0, same_file=True)

    def work() -> Done:
        steps, rejected, _, world = _plan(context, table, data, file)
        if rejected and (whole or not steps):
            raise _whole(rejected)
        reached = touched(context, _seat_changes(table, world, steps)) if table.name == "penugasan" else ()
        source = db.Import.create(
            kind=PREFIX + kind, file=name, sha256=sha256, accepted=len(steps), rejected=[_told(one) for one in rejected],
            imported_by=context.actor.id, imported_at=context.city.clock.now(),
        )  # fmt: skip
        _write(table, world, steps, source.id)
        counts = {action: sum(step.plan.action == action for step in steps) for action in (ADDED, CHANGED, UNCHANGED)}
        numbers = {
            "added": counts[ADDED], "changed": counts[CHANGED], "unchanged": counts[UNCHANGED], "rejected": len(rejected),
            "touched": len(reached),
        }  # fmt: skip
        return Done(
            f"import:{source.id}",
            f"{name}: {numbers['added']} baris ditambah, {numbers['changed']} diubah, {numbers['rejected']} ditolak",
            f"{name}: {numbers['added']} rows added, {numbers['changed']} changed, {numbers['rejected']} rejected",
            payload={"kind": kind, "file": name, "sha256": sha256} | numbers,
            values={"import": source.id} | numbers,
        )

    values = perform(context, "people.import", work, key).values
    keep_file(context, data, sha256, name)
    if table.name == ATTENDANCE:
        reacting.after(context, _people_of(int(values["import"])))
    row: Any = db.Import.get_by_id(int(values["import"]))
    added, amended, same = (int(values[name]) for name in ("added", "changed", "unchanged"))
    return Taken(row.id, added, amended, same, tuple(_rejection(one) for one in row.rejected), int(values["touched"]))


def _people_of(source: int) -> list[int]:
    """Whose days an import of attendance wrote."""
    written = db.ImportChange.select(db.ImportChange.row).where(db.ImportChange.source == source)
    return [person for (person,) in rows(db.Attendance.select(db.Attendance.person).where(db.Attendance.id << written).distinct())]


def imports(context: Context) -> tuple[StaffImport, ...]:
    """Imports of staff tables, the newest first."""
    require(context, "people.import")
    query = db.Import.select().where(db.Import.kind.startswith(PREFIX)).order_by(db.Import.id.desc())
    counted: dict[int, tuple[int, int]] = {}
    change = db.ImportChange
    for source, before in rows(change.select(change.source, change.before)):
        added, amended = counted.get(source, (0, 0))
        counted[source] = (added + 1, amended) if before is None else (added, amended + 1)
    return tuple(
        StaffImport(
            row.id, row.kind.removeprefix(PREFIX), row.file, row.sha256, row.imported_at, row.imported_by,
            *counted.get(row.id, (0, 0)), tuple(_rejection(one) for one in row.rejected), row.undone_at,
        )
        for row in objects(query)
    )  # fmt: skip


def kept_file(context: Context, sha256: str, suffix: str) -> Path:
    return context.city.folder / "imports" / f"{sha256}{suffix}"


def keep_file(context: Context, data: bytes, sha256: str, name: str) -> Path:
    """Keep the bytes as they came, under their hash; the same file is kept once."""
    path = kept_file(context, sha256, PurePath(name).suffix.lower())
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(path.suffix + ".new")
        draft.write_bytes(data)
        draft.replace(path)
    return path


# ── planning ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _plan(
    context: Context, kind: Kind, data: bytes, file: str
) -> tuple[list[_Step], tuple[Rejection, ...], tuple[str, ...], World]:
    table = read_table(data, file, kind.columns)
    world, within = World.load(), reach(context, "people.import")
    read: list[tuple[int, Plain]] = []
    rejected: list[Rejection] = []
    for row in table.rows:
        try:
            read.append((row.line, values(kind.fields, row.cells)))
        except Refused as refused:
            rejected.append(_reject(row.line, refused))
    world.speaks_of(plain["day"] for _, plain in read if "day" in plain)
    world.named = {plain["code"]: plain["parent"] for _, plain in read if "parent" in plain}
    stored = kind.stored(world)
    steps: list[_Step] = []
    seen: dict[Any, int] = {}
    for fresh, (line, plain) in enumerate(sorted(read, key=lambda pair: kind.order(world, pair[1])), 1):
        try:
            key = kind.key(world, plain)
            if key in seen:
                raise _twice(seen[key])
            found = stored.get(key)
            kind.check(world, plain, found)
            if within is not None and any(within.isdisjoint(world.above(place)) for place in kind.places(world, plain, found)):
                raise _elsewhere(within)
        except Refused as refused:
            rejected.append(_reject(line, refused))
            continue
        seen[key] = line
        before = {name: found.values.get(name) for name in plain if found.values.get(name) != plain[name]} if found else {}
        action = ADDED if found is None else CHANGED if before else UNCHANGED
        kind.learn(world, (found.values if found else {}) | plain, found.id if found else -fresh)
        after = plain if found is None else {name: plain[name] for name in before}
        steps.append(_Step(PlannedRow(line, action, kind.label(world, plain), before, after), plain, found))
    return steps, tuple(sorted(rejected, key=lambda one: one.line)), table.unused, world


def _seat_changes(kind: Kind, world: World, steps: Iterable[_Step]) -> list[AssignmentChange]:
    if not db.Case.select().exists():
        return []
    found = []
    for step in steps:
        person, position, first = kind.key(world, step.plain)
        held = step.stored.values if step.stored else None
        last = step.plain.get("last", held["last"] if held else None)
        before = (held["first"], held["last"]) if held else None
        if step.plan.action != UNCHANGED and min(person, position) > 0:
            found.append(AssignmentChange(person, position, before, (first, last)))
    return found


def _write(kind: Kind, world: World, steps: Iterable[_Step], source: int) -> None:
    for step in steps:
        if step.plan.action == UNCHANGED:
            continue
        columns = dict(kind.columns_of(world, step.plain))
        if step.stored is None:
            row, version = kind.model.create(**columns).id, 1
            kind.learn(world, step.plain, row)
        else:
            row, version = step.stored.id, step.stored.version + 1
            update = kind.model.update(**columns, version=kind.model.version + 1)
            met = update.where(kind.model.id == row, kind.model.version == step.stored.version).execute()
            changed(
                met, f"{step.plan.what} baru saja diubah orang lain", f"{step.plan.what} has just been changed by somebody else"
            )
        db.ImportChange.create(
            source=source, line=step.plan.line, entity=kind.entity, row=row, row_version=version,
            before=None if step.stored is None else dict(step.plan.before), after=dict(step.plan.after),
        )  # fmt: skip


def _standing(kind: str, sha256: str) -> int | None:
    """The import by which this file stands, if it does."""
    row: Any = db.Import.get_or_none(db.Import.kind == PREFIX + kind, db.Import.sha256 == sha256, db.Import.undone_at.is_null())
    return None if row is None else int(row.id)


def _twice(line: int) -> Refused:
    return Refused(
        "", "baris_ganda", (f"sama dengan baris {line}", f"the same as row {line}"), ("hapus salah satunya", "drop one of them")
    )


def _elsewhere(within: frozenset[str]) -> Refused:
    names = ", ".join(sorted(within))
    return Refused(
        "", "tidak_berwenang", (f"di luar unit kewenangan Anda ({names})", f"outside the units of your role ({names})"),
        ("minta BKPSDM kota memasukkannya", "ask the city's HR to enter it"),
    )  # fmt: skip


def _reject(line: int, refused: Refused) -> Rejection:
    return Rejection(line, refused.column, refused.code, refused.text, refused.remedy)


def _told(one: Rejection) -> dict[str, Any]:
    texts = {"text": dict(zip(("id", "en"), one.text, strict=True)), "remedy": dict(zip(("id", "en"), one.remedy, strict=True))}
    return {"line": one.line, "column": one.column, "code": one.code} | texts


def _rejection(told: Mapping[str, Any]) -> Rejection:
    text, remedy = told["text"], told["remedy"]
    return Rejection(int(told["line"]), told["column"], told["code"], (text["id"], text["en"]), (remedy["id"], remedy["en"]))


def _whole(rejected: tuple[Rejection, ...]) -> InputError:
    first = rejected[0]
    return InputError(
        "baris_ditolak",
        f"{len(rejected)} baris ditolak; yang pertama baris {first.line} ({first.column or 'baris'}): {first.text[0]}",
        f"{len(rejected)} rows are rejected; the first is row {first.line} ({first.column or 'row'}): {first.text[1]}",
        remedy_id=first.remedy[0], remedy_en=first.remedy[1], rejected=[_told(one) for one in rejected],
    )  # fmt: skip
