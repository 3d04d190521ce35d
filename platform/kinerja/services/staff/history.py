"""What was ever changed about a unit, a post or a person: before, after, who and when, read from the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...core.errors import NotFoundError
from ...core.exactjson import loads
from ...store import models as db
from ...store.queries import rows
from ..context import Context, require
from .people import own_record

WORDS: Mapping[str, tuple[str, str]] = {
    "people.establish": ("dicatat", "recorded"),
    "people.import": ("diubah lewat impor", "changed by an import"),
    "people.assign": ("ditugaskan", "assigned"),
    "people.end_assignment": ("penugasan diakhiri", "assignment ended"),
    "people.transfer": ("dipindahkan", "transferred"),
    "people.leave": ("berhenti", "left"),
    "people.align": ("kasus disesuaikan dengan penugasan", "cases aligned with assignments"),
    "people.hand_over": ("kasus yang dinilainya diserahkan", "cases they appraised passed on"),
    "people.absence": ("ketidakhadiran dicatat", "absence recorded"),
    "people.end_absence": ("ketidakhadiran diubah", "absence changed"),
    "people.conflict": ("benturan kepentingan dinyatakan", "tie declared"),
    "people.end_conflict": ("benturan kepentingan berakhir", "tie ended"),
    "unit.amend": ("data unit diubah", "unit amended"),
    "position.amend": ("data jabatan diubah", "post amended"),
    "person.amend": ("data pegawai diubah", "person amended"),
    "assignment.amend": ("penugasan dibetulkan", "assignment amended"),
}
MODELS = {"unit": db.Unit, "position": db.Position, "person": db.Person}


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the ledger on the thing. values: (column, before, after) as plain values, None where there was or is none."""

    seq: int
    at: datetime
    by: str
    act: tuple[str, str]
    values: tuple[tuple[str, Any, Any], ...]


def history_of(context: Context, what: str, id: int) -> tuple[Change, ...]:
    """Changes of a unit, position or person, the newest first. Raises NotFoundError, ForbiddenError."""
    row: Any = MODELS[what].get_or_none(MODELS[what].id == id) if what in MODELS else None
    if row is None:
        raise NotFoundError("tidak_ditemukan", "data ini tidak ada", "there is no such record")
    if what == "person":
        require(context, "people.read", case=own_record(row))
    else:
        require(context, "people.read", unit=row if what == "unit" else row.unit)
    return _changes(*_subjects(what, row))


def find(what: str, name: str) -> int:
    """The id of a unit by code, a person by NIP, a position by its id as text. Raises NotFoundError."""
    row: Any = None
    if what == "unit":
        row = db.Unit.get_or_none(db.Unit.code == name)
    elif what == "person":
        row = db.Person.get_or_none(db.Person.nip == name)
    elif name.isascii() and name.isdigit() and len(name) < 10:
        row = db.Position.get_or_none(db.Position.id == int(name))
    if row is None:
        raise NotFoundError("tidak_ditemukan", f"“{name[:40]}” tidak ada", f'there is no "{name[:40]}"')
    return int(row.id)


def told(value: Any) -> str:
    """A plain value as one line of text; "–" where there is or was none."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, list):
        return "; ".join(f"{one['name']}:{one['level']}" if isinstance(one, dict) else str(one) for one in value)
    return str(value)


def _subjects(what: str, row: Any) -> tuple[list[str], list[tuple[str, int]]]:
    """How the ledger names the thing, and the rows by which imports changed it."""
    if what == "unit":
        return [f"unit:{row.id}", f"unit:{row.code}"], [("unit", row.id)]
    if what == "position":
        return [f"position:{row.id}", f"position:{row.unit.code}/{row.code}/{row.job_class}"], [("position", row.id)]
    held = [id for (id,) in rows(db.Assignment.select(db.Assignment.id).where(db.Assignment.person == row.id))]
    away = [id for (id,) in rows(db.Absence.select(db.Absence.id).where(db.Absence.person == row.id))]
    on_record = [id for (id,) in rows(db.PersonnelRecord.select(db.PersonnelRecord.id).where(db.PersonnelRecord.person == row.id))]
    subjects = [f"person:{row.nip}", f"person:{row.id}", *(f"assignment:{id}" for id in held)]
    of_rows = [("person", row.id), *(("assignment", id) for id in held), *(("absence", id) for id in away)]
    return subjects, of_rows + [("personnel_record", id) for id in on_record]


def _changes(subjects: list[str], of_rows: list[tuple[str, int]]) -> tuple[Change, ...]:
    table, change = db.LedgerEntry, db.ImportChange
    found = [
        Change(row.seq, row.at, row.actor, _act(row.act), _values(loads(row.payload, file="ledger")))
        for row in table.select().where(table.subject.in_(subjects))
    ]
    by_entity: dict[str, list[int]] = {}
    for entity, id in of_rows:
        by_entity.setdefault(entity, []).append(id)
    imported: dict[str, list[tuple[tuple[str, Any, Any], ...]]] = {}
    for entity, ids in by_entity.items():
        for source, before, after in rows(
            change.select(change.source, change.before, change.after).where(change.entity == entity, change.row.in_(ids))
        ):
            imported.setdefault(f"import:{source}", []).append(_pairs(before, after))
    for row in table.select().where(table.subject.in_(list(imported)), table.act.in_(("people.import", "people.undo"))):
        for values in imported[row.subject]:
            back = row.act == "people.undo"
            told = tuple((name, after, before) for name, before, after in values) if back else values
            words = ("impor diurungkan", "import taken back") if back else _act(row.act)
            found.append(Change(row.seq, row.at, row.actor, words, told))
    return tuple(sorted(found, key=lambda one: -one.seq))


def _act(act: str) -> tuple[str, str]:
    return WORDS.get(act, (act, act))


def _values(payload: Mapping[str, Any]) -> tuple[tuple[str, Any, Any], ...]:
    if "changes" in payload:
        began = (("since", None, payload["since"]),) if payload.get("since") else ()
        return (*((name, before, after) for name, (before, after) in payload["changes"].items()), *began)
    if "before" in payload or "after" in payload:
        return _pairs(payload.get("before"), payload.get("after") or {})
    return ()


def _pairs(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> tuple[tuple[str, Any, Any], ...]:
    names: Iterable[str] = dict.fromkeys([*(before or {}), *after])
    return tuple((name, (before or {}).get(name), after.get(name)) for name in names if (before or {}).get(name) != after.get(name))
