"""Starting a case of any process: about an agency's month, a release, an employee to coach, or what a city's own process is about.

Appraisal cases are opened by their cycle (`cycles.opening`), which knows plans and standards; everything else starts here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..core.errors import InputError, NotFoundError
from ..process import ProcessDefinition
from ..store import models as db
from .acts import Done, perform
from .context import WHOLE_CITY, Context, require
from .flow import ASSIGNED, machine_of, place_step
from .reading import CASE_JOINS
from .staff.appraisers import chain_of
from .staff.people import unit_by_code
from .views import Receipt

PERSONAL = {"pegawai": "person", "pejabat_penilai": "appraiser", "atasan_pejabat_penilai": "superior"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case is about. key: once each, "pembayaran:dukcapil:2026-06"; title: the same in words; first, last: the days it
    covers. unit None: the whole city. person, position, appraiser, superior, parent: ids. data: what the process starts with."""

    key: str
    title: str
    first: date
    last: date
    unit: int | None = None
    person: int | None = None
    position: int | None = None
    appraiser: int | None = None
    superior: int | None = None
    chain_note: str = ""
    parent: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def find_case(key: str) -> Any:
    """The case about this subject, joined; None before it was started."""
    return CASE_JOINS().where(db.Case.subject == key).first()


def start_case(context: Context, process: str, subject: Subject) -> Any:
    """The case about this subject, started now unless it is there. For acts of services: runs in their transaction, checks no
    permission of its own.

    Raises NotFoundError(`proses_tidak_ada`), InputError(`subjek_kurang`) when the process has tasks for people the subject lacks.
    """
    known = find_case(subject.key)
    if known is not None:
        return known
    city = context.city
    version = city.process_version(process)
    definition = city.definition(version)
    _check_people(definition, subject)
    at = city.clock.now()
    agency = None if subject.unit is None else city.units.agency(subject.unit).id
    row = db.Case.create(
        subject=subject.key, title=subject.title, first=subject.first, last=subject.last, unit=subject.unit, agency=agency,
        person=subject.person, position=subject.position, appraiser=subject.appraiser, superior=subject.superior,
        chain_note=subject.chain_note, parent=subject.parent, process=version.id, stage=_first_stage(definition), opened_at=at,
    )  # fmt: skip
    case = CASE_JOINS().where(db.Case.id == row.id).get()
    step = machine_of(context, case, definition).start(dict(subject.data))
    place_step(context, case, definition, step, at)
    return case


def start(
    context: Context, process: str, subject: str, title: str, first: date, last: date, unit: str = "", nip: str = "",
    key: str | None = None,
) -> Receipt:  # fmt: skip
    """Start a case of a process by hand: about a unit (code), a person (NIP; with their post and authorities), or the whole city.

    values: {case, new}. The same subject again brings the case that is there.
    """
    require(context, "case.start")

    def work() -> Done:
        wanted = _subject(context, subject, title, first, last, unit, nip)
        require(context, "case.start", unit=WHOLE_CITY if wanted.unit is None else db.Unit.get_by_id(wanted.unit))
        known = find_case(subject)
        case = known or start_case(context, process, wanted)
        return Done(
            f"case:{case.id}",
            f"{case.title}: " + ("sudah ada" if known else "dimulai"),
            f"{case.title}: " + ("there already" if known else "started"),
            payload={"process": process, "subject": subject, "new": known is None},
            values={"case": case.id, "new": known is None},
        )

    return perform(context, "case.start", work, key)


def _subject(context: Context, key: str, title: str, first: date, last: date, unit: str, nip: str) -> Subject:
    if last < first:
        raise InputError("periode_terbalik", "periode berakhir sebelum mulai", "the period ends before it begins")
    if not nip:
        return Subject(key, title, first, last, unit=unit_by_code(unit).id if unit else None)
    day = min(max(context.city.today(), first), last)
    held = db.Assignment.select(db.Assignment, db.Position).join(db.Position).switch(db.Assignment).join(db.Person)
    in_force = (db.Assignment.first <= day) & (db.Assignment.last.is_null() | (db.Assignment.last >= day))
    seat: Any = held.where(db.Person.nip == nip, in_force).order_by(db.Assignment.kind != "definitif", db.Assignment.id).first()
    if seat is None:
        raise NotFoundError(
            "pegawai_tanpa_jabatan",
            f"tidak ada pegawai {nip} yang memegang jabatan pada {day}",
            f"nobody with NIP {nip} holds a post on {day}",
        )
    chain = chain_of(context.city.organisation(day), seat.person_id, seat.position.unit_id, day)
    return Subject(
        key, title, first, last, unit=seat.position.unit_id, person=seat.person_id, position=seat.position_id,
        appraiser=chain.appraiser.seat.person if chain.appraiser else None,
        superior=chain.superior.seat.person if chain.superior else None, chain_note=chain.note,
    )  # fmt: skip


def _check_people(definition: ProcessDefinition, subject: Subject) -> None:
    """A task that belongs to one person of the case would wait for nobody where the case has no such person."""
    for task in definition.tasks.values():
        if task.role in ASSIGNED and getattr(subject, PERSONAL[task.role]) is None:
            raise InputError(
                "subjek_kurang",
                f"tugas “{task.name}” milik {task.role}, tetapi kasus “{subject.title}” tidak menyebut orangnya",
                f'the task "{task.name}" belongs to the {task.role}, but the case "{subject.title}" names nobody for it',
                remedy_id="mulai kasus untuk seorang pegawai yang punya pejabat penilai dan atasannya",
                remedy_en="start the case for an employee who has an appraiser and their superior",
                task=task.id,
            )


def _first_stage(definition: ProcessDefinition) -> str:
    return definition.stages[0] if definition.stages else "perencanaan"
