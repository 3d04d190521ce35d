"""People in posts: assigned, transferred, acting, absent, tied to each other. Dated, nothing deleted, every change in the ledger.

Each act on an assignment tells in its receipt which cases it reaches back to (values: touched, a list of case ids).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from ...core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from ...core.periods import Period
from ...store import models as db
from ...store.people import ASSIGNMENT_KINDS
from ...store.queries import UnitTree, objects, rows, seats
from ..acts import Done, changed, perform
from ..context import WHOLE_CITY, Context, Own, require
from ..views import Receipt
from .establish import AssignmentEntry, PersonEntry, PositionEntry, UnitEntry, establish, find_position, subject_of
from .seats import DEFINITIVE, Held, in_order, refusal
from .touched import AssignmentChange, TouchedCase, touched, touched_by

__all__ = [
    "ASSIGNMENT_KINDS",
    "AssignmentChange",
    "AssignmentEntry",
    "PersonEntry",
    "PositionEntry",
    "TouchedCase",
    "UnitEntry",
    "assign",
    "called",
    "check_seat",
    "declare_conflict",
    "end_absence",
    "end_assignment",
    "end_conflict",
    "establish",
    "leave",
    "own_record",
    "person_by_nip",
    "record_absence",
    "subject_of",
    "touched_by",
    "transfer",
    "unit_by_code",
]


def assign(context: Context, entry: AssignmentEntry, key: str | None = None) -> Receipt:
    """Give one person a post from a day on: definitively, or acting (plt in a vacant post, plh while its holder is away).

    Raises InputError(`rangkap_definitif`, `plt_belum_lowong`, `plh_lowong`, `periode_terbalik`) naming what to do instead.
    """
    require(context, "people.edit")

    def work() -> Done:
        person = person_by_nip(entry.nip)
        position = find_position(entry.unit, entry.position, entry.job_class)
        require(context, "people.edit", unit=position.unit)
        check_seat(person.id, person.name, position, entry.kind, entry.first, entry.last)
        db.Assignment.create(person=person, position=position, first=entry.first, last=entry.last, kind=entry.kind)
        reached = touched(context, [AssignmentChange(person.id, position.id, None, (entry.first, entry.last))])
        what = f"{person.name} menjabat {_as(entry.kind)}{position.title} mulai {entry.first}"
        return Done(
            subject_of(entry),
            what + _reach(reached)[0],
            f"{person.name} holds {position.title} ({entry.kind}) from {entry.first}" + _reach(reached)[1],
            payload={"after": _seat(position, entry.first, entry.last, entry.kind)},
            values={"touched": [one.case for one in reached]},
        )

    return perform(context, "people.assign", work, key)


def end_assignment(context: Context, nip: str, position: str, unit: str, last: date, key: str | None = None) -> Receipt:
    """End the running assignment of a person in a post; its last day is kept, nothing is deleted."""
    require(context, "people.edit")

    def work() -> Done:
        query = _running(person_by_nip(nip).id).where(db.Position.code == position, db.Unit.code == unit)
        row: Any = query.first()
        if row is None:
            raise NotFoundError(
                "penugasan_tidak_ada",
                f"{nip} tidak menjabat {position} di {unit}",
                f"{nip} does not hold {position} in {unit}",
                remedy_id="lihat penugasannya pada halaman orang itu",
                remedy_en="see the assignments on the person's page",
            )
        reached = touched(context, [_end(context, row, last)])
        payload = {"before": _seat(row.position, row.first, None, row.kind), "after": {"last": last}}
        return Done(
            f"person:{nip}",
            f"Penugasan {nip} sebagai {row.position.title} berakhir {last}" + _reach(reached)[0],
            f"Assignment of {nip} as {row.position.title} ends {last}" + _reach(reached)[1],
            payload=payload,
            values={"touched": [one.case for one in reached]},
        )

    return perform(context, "people.end_assignment", work, key)


def transfer(
    context: Context, nip: str, position: str, unit: str, day: date, job_class: int | None = None, key: str | None = None
) -> Receipt:
    """Move a person to another post from `day` on: the definitive assignment ends the day before, the new one begins.

    Raises InputError(`pindah_sebelum_mulai`), ConflictError(`pindah_ke_jabatan_sama`), NotFoundError(`penugasan_tidak_ada`).
    """
    require(context, "people.edit")

    def work() -> Done:
        person = person_by_nip(nip)
        target = find_position(unit, position, job_class)
        require(context, "people.edit", unit=target.unit)
        row: Any = _running(person.id).where(db.Assignment.kind == DEFINITIVE).order_by(db.Assignment.first.desc()).first()
        if row is None:
            raise NotFoundError(
                "penugasan_tidak_ada",
                f"{person.name} tidak sedang menjabat secara definitif",
                f"{person.name} holds no post definitively",
                remedy_id="tugaskan tanpa perpindahan",
                remedy_en="assign instead of transferring",
            )
        if row.position_id == target.id:
            raise ConflictError(
                "pindah_ke_jabatan_sama",
                f"{person.name} sudah menjabat {target.title}",
                f"{person.name} holds {target.title} already",
            )
        changes = [_end(context, row, day - timedelta(days=1)), AssignmentChange(person.id, target.id, None, (day, None))]
        check_seat(person.id, person.name, target, DEFINITIVE, day, None)
        db.Assignment.create(person=person, position=target, first=day, kind=DEFINITIVE)
        reached = touched(context, changes)
        ended = _seat(row.position, row.first, day - timedelta(days=1), row.kind)
        payload = {"before": ended, "after": _seat(target, day, None, DEFINITIVE)}
        return Done(
            f"person:{nip}",
            f"{person.name} pindah dari {row.position.title} ke {target.title} mulai {day}" + _reach(reached)[0],
            f"{person.name} moves from {row.position.title} to {target.title} on {day}" + _reach(reached)[1],
            payload=payload,
            values={"touched": [one.case for one in reached]},
        )

    return perform(context, "people.transfer", work, key)


def leave(context: Context, nip: str, last: date, reason: str = "pensiun", key: str | None = None) -> Receipt:
    """End all running assignments of a person (retirement, resignation, death); what they served is still appraised."""
    require(context, "people.edit")

    def work() -> Done:
        person = person_by_nip(nip)
        held = list(objects(_running(person.id)))
        if not held:
            raise NotFoundError(
                "penugasan_tidak_ada", f"{person.name} tidak sedang menjabat", f"{person.name} holds no post", nip=nip
            )
        reached = touched(context, [_end(context, row, last) for row in held])
        payload = {"reason": reason, "before": {"posts": [row.position.title for row in held]}, "after": {"last": last}}
        return Done(
            f"person:{nip}",
            f"{person.name} berhenti per {last}: {reason}" + _reach(reached)[0],
            f"{person.name} leaves on {last}: {reason}" + _reach(reached)[1],
            payload=payload,
            values={"touched": [one.case for one in reached]},
        )

    return perform(context, "people.leave", work, key)


def record_absence(
    context: Context, nip: str, period: Period, kind: str = "cuti", note: str = "", key: str | None = None
) -> Receipt:
    """Days on which a person cannot act; substitutes and the next authority act instead.

    Raises ConflictError(`absen_bertindih`) when another absence covers some of the days.
    """
    require(context, "people.edit")

    def work() -> Done:
        person = person_by_nip(nip)
        require(context, "people.edit", unit=own_record(person).unit)
        absence = db.Absence
        clash = absence.get_or_none(absence.person == person, absence.first <= period.last, absence.last >= period.first)
        if clash is not None:
            raise ConflictError(
                "absen_bertindih",
                f"{person.name} sudah dicatat {clash.kind} {clash.first}–{clash.last}",
                f"{person.name} is already recorded as away ({clash.kind}) {clash.first}–{clash.last}",
                remedy_id="akhiri yang lama atau pilih hari lain",
                remedy_en="end the earlier one or choose other days",
            )
        db.Absence.create(person=person, first=period.first, last=period.last, kind=kind, note=note)
        payload = {"after": {"kind": kind, "first": period.first, "last": period.last, "note": note}}
        return Done(
            f"person:{nip}",
            f"Ketidakhadiran {person.name} ({kind}, {period.first}–{period.last}) dicatat",
            f"Absence of {person.name} ({kind}, {period.first}–{period.last}) recorded",
            payload=payload,
        )

    return perform(context, "people.absence", work, key)


def end_absence(context: Context, nip: str, first: date, last: date, key: str | None = None) -> Receipt:
    """Let the absence that began on `first` end on another day (back earlier, or longer away)."""
    require(context, "people.edit")

    def work() -> Done:
        person = person_by_nip(nip)
        require(context, "people.edit", unit=own_record(person).unit)
        row: Any = db.Absence.get_or_none(db.Absence.person == person, db.Absence.first == first)
        if row is None:
            raise NotFoundError("absen_tidak_ada", f"tidak ada ketidakhadiran mulai {first}", f"no absence begins on {first}")
        in_order(row.first, last)
        update = db.Absence.update(last=last, version=db.Absence.version + 1)
        met = update.where(db.Absence.id == row.id, db.Absence.version == row.version).execute()
        changed(met, "catatan ini baru saja diubah orang lain", "this record has just been changed by somebody else")
        payload = {"changes": {"last": [row.last, last]}, "kind": row.kind, "first": first}
        return Done(
            f"person:{nip}", f"Ketidakhadiran {person.name} sampai {last}", f"{person.name} away until {last}", payload=payload
        )

    return perform(context, "people.end_absence", work, key)


def declare_conflict(
    context: Context, nip: str, other: str, first: date, kind: str = "keluarga", note: str = "", key: str | None = None
) -> Receipt:
    """A tie between two people (kinship, interest): neither may rate or decide on the other while it holds.

    Everyone may declare their own; administrators and HR anybody's. Raises ConflictError(`benturan_sudah_dinyatakan`).
    """
    require(context, "conflict.declare", case=own_record(person_by_nip(nip)))
    if nip == other:
        raise InputError("benturan_sendiri", "benturan kepentingan dengan diri sendiri", "a tie with oneself")

    def work() -> Done:
        person, second = person_by_nip(nip), person_by_nip(other)
        if _tie(person, second, first) is not None:
            raise ConflictError(
                "benturan_sudah_dinyatakan",
                f"benturan kepentingan {person.name} dengan {second.name} sudah dinyatakan",
                f"the tie between {person.name} and {second.name} is declared already",
            )
        db.ConflictOfInterest.create(person=person, other=second, kind=kind, note=note, first=first)
        payload = {"after": {"kind": kind, "other": other, "first": first, "note": note}}
        return Done(
            f"person:{nip}",
            f"Benturan kepentingan {person.name} dengan {second.name} dicatat: keduanya tidak lagi saling menilai atau memutus",
            f"Tie between {person.name} and {second.name} recorded: neither rates or decides on the other any more",
            payload=payload,
        )

    return perform(context, "people.conflict", work, key)


def end_conflict(context: Context, nip: str, other: str, last: date, key: str | None = None) -> Receipt:
    """A declared tie ends on a day. Not for the two themselves: administrators and HR only."""
    require(context, "people.edit")

    def work() -> Done:
        person, second = person_by_nip(nip), person_by_nip(other)
        require(context, "people.edit", unit=own_record(person).unit)
        if context.actor.nip in (nip, other):
            raise ForbiddenError(
                "benturan_sendiri",
                "benturan kepentingan tidak diakhiri oleh yang menyatakannya",
                "a tie is not ended by the two whom it is between",
                remedy_id="yang boleh: petugas BKPSDM lain atau administrator",
                remedy_en="who may: another officer of HR, or an administrator",
            )
        row = _tie(person, second, last)
        if row is None:
            raise NotFoundError("benturan_tidak_ada", "benturan kepentingan ini tidak tercatat", "no such tie is recorded")
        update = db.ConflictOfInterest.update(last=last, version=db.ConflictOfInterest.version + 1)
        met = update.where(db.ConflictOfInterest.id == row.id, db.ConflictOfInterest.version == row.version).execute()
        changed(met, "catatan ini baru saja diubah orang lain", "this record has just been changed by somebody else")
        payload = {"changes": {"last": [row.last, last]}, "other": other}
        return Done(f"person:{nip}", f"Benturan kepentingan berakhir {last}", f"The tie ends on {last}", payload=payload)

    return perform(context, "people.end_conflict", work, key)


def person_by_nip(nip: str) -> Any:
    row = db.Person.get_or_none(db.Person.nip == nip)
    if row is None:
        raise NotFoundError("pegawai_tidak_ada", f"tidak ada orang ber-NIP {nip}", f"nobody has NIP {nip}")
    return row


def called(ids: Iterable[str]) -> dict[str, str]:
    """Who the records name by NIP, as people know them: "Zahra Wijaya (BKPSDM)"; what is no NIP stands as it is."""
    found = {id: id for id in ids}
    numbers = [id for id in found if id.isascii() and id.isdigit() and len(id) <= 18] or [""]
    found |= dict(rows(db.Person.select(db.Person.nip, db.Person.name).where(db.Person.nip << numbers)))
    tree = UnitTree.load()
    for seat in seats(db.Person.nip << numbers, db.Assignment.kind == DEFINITIVE):  # the oldest first: the last one stands
        found[seat.nip] = f"{seat.name} ({tree.agency(seat.unit).short_name or tree.agency(seat.unit).name})"
    return found


def unit_by_code(code: str) -> Any:
    row = db.Unit.get_or_none(db.Unit.code == code)
    if row is None:
        raise NotFoundError("unit_tidak_ada", f"unit {code} tidak ada", f"no unit {code}")
    return row


def own_record(person: Any) -> Own:
    """The person's record for asking permissions: in the unit of their latest post; the whole city's before they have one."""
    seat = db.Assignment.select(db.Assignment, db.Position, db.Unit).join(db.Position).join(db.Unit)
    latest: Any = seat.where(db.Assignment.person == person).order_by(db.Assignment.first.desc(), db.Assignment.id.desc()).first()
    return Own(person, latest.position.unit if latest else WHOLE_CITY)


def check_seat(
    person: int, name: str, position: Any, kind: str, first: date, last: date | None, besides: int | None = None
) -> None:
    """Raise what `seats.refusal` finds against the seat, as the store stands now. besides: id of the assignment that changes."""
    seat = db.Assignment
    query = seat.select(seat.person, seat.position, db.Position.title, db.Person.name, seat.kind, seat.first, seat.last)
    query = query.join(db.Position).switch(seat).join(db.Person)
    near = [
        Held(*row) for row in rows(query.where((seat.person == person) | (seat.position == position.id), seat.id != (besides or 0)))
    ]
    refused = refusal(
        Held(person, position.id, position.title, name, kind, first, last), position.formation, near, position.leads_unit
    )
    if refused is not None:
        raise refused


def _running(person: int) -> Any:
    query = db.Assignment.select(db.Assignment, db.Position, db.Unit).join(db.Position).join(db.Unit)
    return query.where(db.Assignment.person == person, db.Assignment.last.is_null())


def _end(context: Context, row: Any, last: date) -> AssignmentChange:
    require(context, "people.edit", unit=row.position.unit)
    if last < row.first:
        raise InputError(
            "pindah_sebelum_mulai",
            f"penugasan sebagai {row.position.title} baru mulai {row.first}",
            f"the assignment as {row.position.title} begins only on {row.first}",
            remedy_id="pilih hari sesudahnya, atau betulkan tanggal mulainya",
            remedy_en="choose a later day, or mend its first day",
        )
    update = db.Assignment.update(last=last, version=db.Assignment.version + 1)
    changed(
        update.where(db.Assignment.id == row.id, db.Assignment.version == row.version).execute(),
        "penugasan ini baru saja diubah orang lain",
        "this assignment has just been changed by somebody else",
    )
    return AssignmentChange(row.person_id, row.position_id, (row.first, None), (row.first, last))


def _tie(person: Any, other: Any, day: date) -> Any:
    tie = db.ConflictOfInterest
    pair = ((tie.person == person) & (tie.other == other)) | ((tie.person == other) & (tie.other == person))
    return tie.select().where(pair, tie.last.is_null() | (tie.last >= day)).first()


def _seat(position: Any, first: date, last: date | None, kind: str) -> dict[str, Any]:
    return {"position": position.title, "unit": position.unit.name, "first": first, "last": last, "kind": kind}


def _as(kind: str) -> str:
    return {"plt": "Plt. ", "plh": "Plh. "}.get(kind, "")


def _reach(reached: tuple[TouchedCase, ...]) -> tuple[str, str]:
    if not reached:
        return "", ""
    count = len(reached)
    return f"; menyentuh {count} kasus yang sudah berjalan", f"; reaches {count} cases already under way"
