"""Changing one row of the organisation: a unit, a post, a person, an assignment. The second of two editors is told, not heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from ...store import models as db
from ...store.people import PERSON_STATUSES
from ..acts import Done, perform
from ..context import WHOLE_CITY, Context, require
from ..views import Receipt
from . import dated
from .history import find
from .people import check_seat, own_record
from .touched import AssignmentChange, touched

__all__ = ["AMENDABLE", "PERSON_STATUSES", "Amendable", "amend", "change"]

_MIN_CLASS, _MAX_CLASS = 1, 17
Check = Callable[[Context, Any, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Amendable:
    """A table that may be amended: the columns open to editors, where the row's unit is found, and what must hold afterwards."""

    model: Any
    fields: tuple[str, ...]
    unit: Callable[[Any], Any]
    check: Check


def amend(
    context: Context, what: str, id: int, version: int, values: Mapping[str, Any], key: str | None = None, since: date | None = None
) -> Receipt:
    """Write `values` (column → value) into the row if it is still at `version`; what stays the same is left out of the ledger.

    since: the day on which a new status or class begins (`dated`); what held before goes on holding for the days before it. None
    mends the record: months paid already are corrected as if it had always been so. values of the receipt: touched, ids of cases.
    what: unit, position, person, assignment. Raises ConflictError(`sudah_berubah`) naming the version there now, InputError for
    values that cannot be, ForbiddenError for columns that are not open.
    """
    require(context, "people.edit")
    table = AMENDABLE[what]
    closed = sorted(set(values) - set(table.fields))
    if closed:
        raise ForbiddenError("kolom_tertutup", f"kolom {closed[0]} tidak dapat diubah", f"column {closed[0]} cannot be changed")

    def work() -> Done:
        row = table.model.get_or_none(table.model.id == id)
        if row is None:
            raise NotFoundError("tidak_ditemukan", "data ini tidak ada", "there is no such record")
        require(context, "people.edit", unit=table.unit(row))
        before = {name: _plain(getattr(row, name)) for name in values}
        after = {name: _plain(value) for name, value in values.items()}
        table.check(context, row, values)
        begins = dated.DATED.get(what, "")
        moved = since is not None and begins in values and dated.begin(what, id, since, after[begins], context.city.today())
        update = table.model.update({**values, "version": table.model.version + 1})
        if update.where(table.model.id == id, table.model.version == version).execute() != 1:
            raise ConflictError(
                "sudah_berubah",
                "data ini baru saja diubah orang lain",
                "this record has just been changed by somebody else",
                remedy_id="bandingkan dengan isi terbaru",
                remedy_en="compare with the latest state",
                version=row.version,
            )
        changes = {name: [before[name], after[name]] for name in values if before[name] != after[name]}
        reached = {"touched": _touched(context, row, values)} if what == "assignment" else {}
        if begins in changes or moved:
            reached = {"touched": dated.reached(what, id, since or date.min)}
        count = len(reached.get("touched", ()))
        payload = {"changes": changes} | ({"since": since} if moved else {})
        told_id = (f" sejak {since}" if moved else "") + (f"; menyentuh {count} kasus" if count else "")
        told_en = (f" from {since} on" if moved else "") + (f"; reaches {count} cases" if count else "")
        return Done(
            f"{what}:{id}", f"{row} diubah{told_id}", f"{row} changed{told_en}", payload=payload, values={"id": id} | reached
        )

    return perform(context, f"{what}.amend", work, key)


def change(context: Context, what: str, name: str, value: Any, since: date | None, key: str | None = None) -> Receipt:
    """Give a person (by NIP) another status, or a post (by id) another class, from a day on or for ever; as `amend` does."""
    table = AMENDABLE[what].model
    row = table.get_by_id(find(what, name))
    return amend(context, what, row.id, row.version, {dated.DATED[what]: value}, key, since)


def _plain(value: Any) -> Any:
    return value.id if isinstance(value, db.Record) else value


def _unit(context: Context, row: Any, values: Mapping[str, Any]) -> None:
    _one_of(values, "kind", db.UNIT_KINDS)
    parent = values.get("parent")
    if "parent" in values and (parent.id if parent else None) != row.parent_id:
        require(context, "people.edit", unit=parent or WHOLE_CITY)
    if parent is not None and any(node.id == row.id for node in context.city.units.chain(parent.id)):
        raise InputError(
            "unit_melingkar",
            "unit tidak dapat berada di bawah dirinya sendiri",
            "a unit cannot stand below itself",
            remedy_id="pilih unit induk lain",
            remedy_en="choose another parent",
        )


def _position(context: Context, row: Any, values: Mapping[str, Any]) -> None:
    _one_of(values, "kind", db.POSITION_KINDS)
    job_class = values.get("job_class", row.job_class)
    if not isinstance(job_class, int) or not _MIN_CLASS <= job_class <= _MAX_CLASS:
        raise InputError(
            "kelas_tidak_sah", f"kelas jabatan {_MIN_CLASS}–{_MAX_CLASS}", f"job classes are {_MIN_CLASS}–{_MAX_CLASS}"
        )


def _person(context: Context, row: Any, values: Mapping[str, Any]) -> None:
    _one_of(values, "status", db.PERSON_STATUSES)


def _assignment(context: Context, row: Any, values: Mapping[str, Any]) -> None:
    first, last, kind = (values.get(name, getattr(row, name)) for name in ("first", "last", "kind"))
    check_seat(row.person_id, row.person.name, row.position, kind, first, last, besides=row.id)


def _touched(context: Context, row: Any, values: Mapping[str, Any]) -> list[int]:
    """Ids of the cases that a changed assignment reaches."""
    after = values.get("first", row.first), values.get("last", row.last)
    change = AssignmentChange(row.person_id, row.position_id, (row.first, row.last), after)
    return [one.case for one in touched(context, [change])]


def _one_of(values: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> None:
    if name in values and values[name] not in allowed:
        names = ", ".join(allowed)
        raise InputError("nilai_tidak_dikenal", f"“{values[name]}” tidak dikenal; ada: {names}", f"unknown; there is: {names}")


AMENDABLE: Mapping[str, Amendable] = {
    "unit": Amendable(
        db.Unit, ("name", "short_name", "kind", "parent", "head_title", "address", "contact", "active"), lambda row: row, _unit
    ),
    "position": Amendable(
        db.Position,
        ("title", "job_class", "kind", "level", "leads_unit", "formation", "competency"),
        lambda row: row.unit,
        _position,
    ),
    "person": Amendable(db.Person, ("name", "status", "rank", "email", "active"), lambda row: own_record(row).unit, _person),
    "assignment": Amendable(db.Assignment, ("first", "last", "kind"), lambda row: row.position.unit, _assignment),
}
