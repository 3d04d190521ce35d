"""Separation of duties on a task: who may do it, who may not although their role would let them, and who may instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.errors import ForbiddenError
from ...store import models as db
from ...store.queries import Organisation, rows
from ..context import WHOLE_CITY, Context, in_scope
from .appraisers import chain_of, superior_of

OWN_TASK_ROLE = "pegawai"
AUTHORITIES = ("pejabat_penilai", "atasan_pejabat_penilai")
JUDGES = (*AUTHORITIES, "tim_evaluasi")
"""Roles that say something of how good somebody is: none of them for one's own appraiser."""
ROLE_WORDS = {
    "pegawai": "pegawai yang dinilai",
    "pejabat_penilai": "pejabat penilai",
    "atasan_pejabat_penilai": "atasan pejabat penilai",
    "tim_evaluasi": "anggota tim evaluasi",
    "bkpsdm": "petugas BKPSDM",
    "pejabat_kebijakan": "pejabat kebijakan",
    "pejabat_penetap": "pejabat penetap",
}


def may_do(context: Context, task: Any, case: Any) -> bool:
    """Whether the actor may do this task now; the desk lists exactly the tasks for which this holds."""
    return why_not(context, task, case) is None


def require_duty(context: Context, task: Any, case: Any) -> None:
    """Raise ForbiddenError naming the lawful alternative, unless the actor may do the task."""
    error = why_not(context, task, case)
    if error is not None:
        raise error


@dataclass(frozen=True, slots=True)
class Ties:
    """What keeps an actor from role tasks: units they serve in, people they have a declared tie with; each with its dates."""

    units: tuple[tuple[int, date, date | None], ...] = ()
    people: tuple[tuple[int, date, date | None], ...] = ()
    raters: tuple[tuple[int, date, date | None], ...] = ()
    """People who appraise the actor, with the days of the case."""
    above: frozenset[int] = frozenset()
    """People who would appraise the actor by the posts as all hold them today, whatever the cases of a cycle say."""

    @classmethod
    def of(cls, context: Context) -> Ties:
        actor = context.actor
        person = db.Person.get_or_none(db.Person.nip == actor.nip) if actor.nip else None
        if person is None:
            return cls()
        held = db.Assignment.select(db.Position.unit, db.Assignment.first, db.Assignment.last).join(db.Position)
        tie = db.ConflictOfInterest
        own = tie.select(tie.other, tie.first, tie.last).where(tie.person == person.id)
        others = tie.select(tie.person, tie.first, tie.last).where(tie.other == person.id)
        mine = (db.Case.person == person.id) & db.Case.cycle.is_null(False) & db.Case.appraiser.is_null(False)
        raters = db.Case.select(db.Case.appraiser, db.Case.first, db.Case.last).where(mine)
        units = tuple(rows(held.where(db.Assignment.person == person.id)))
        above = _lawful_appraisers(context, person.id, units)
        return cls(units, (*rows(own), *rows(others)), tuple(rows(raters)), above)

    def serves_in(self, unit: int, first: date, last: date) -> bool:
        """Whether the actor serves in the unit on any of these days."""
        return _in_time(self.units, unit, first, last)

    def tied_to(self, person: int, first: date, last: date) -> bool:
        return _in_time(self.people, person, first, last)

    def rated_by(self, person: int, first: date, last: date) -> bool:
        """Whether a person appraises the actor: in a case of the same time, or by the posts of today."""
        return person in self.above or _in_time(self.raters, person, first, last)


def _in_time(known: tuple[tuple[int, date, date | None], ...], id: int, first: date, last: date) -> bool:
    return any(other == id and start <= last and (end is None or first <= end) for other, start, end in known)


def why_not(context: Context, task: Any, case: Any, ties: Ties | None = None) -> ForbiddenError | None:
    """The refusal that the actor would meet, None when they may. ties: the actor's, when asked for many tasks at once."""
    actor = context.actor
    if bool(actor.nip) and case.person_id and case.person.nip == actor.nip and task.role != OWN_TASK_ROLE:
        return _refused(
            context, task, case, "menilai_diri_sendiri",
            f"{actor.name} tidak boleh memutus kasusnya sendiri", f"{actor.name} may not decide their own case",
        )  # fmt: skip
    if task.assignee_id is not None and _is_theirs(context, task, case):
        if task.assignee_id == case.person_id:
            return None
        if _did_before(context, task, case):
            return _twice(context, task, case)
        return _conflict(context, task, case, ties or Ties.of(context))
    if task.assignee_id is not None:
        return _refused(
            context, task, case, "bukan_tugas_anda",
            f"tugas ini milik {ROLE_WORDS.get(task.role, task.role)}", f"this task belongs to the {task.role}",
        )  # fmt: skip
    if _did_before(context, task, case):
        return _twice(context, task, case)
    if not in_scope(context, task.role, case.unit or WHOLE_CITY):
        return _refused(
            context, task, case, "tidak_berwenang",
            f"{actor.name} bukan {ROLE_WORDS.get(task.role, task.role)} untuk unit ini",
            f"{actor.name} does not hold the role {task.role} for this unit",
        )  # fmt: skip
    ties = ties or Ties.of(context)
    if task.role == "tim_evaluasi" and case.unit_id and ties.serves_in(case.unit_id, case.first, _until(context, case)):
        return _refused(
            context, task, case, "seunit",
            f"{actor.name} bertugas di unit yang sama dengan pegawai ini", f"{actor.name} serves in the employee's own unit",
        )  # fmt: skip
    return _conflict(context, task, case, ties)


def _conflict(context: Context, task: Any, case: Any, ties: Ties) -> ForbiddenError | None:
    """What stands between the actor and the employee of a case, though the task is theirs: a tie, or being appraised by them."""
    actor = context.actor
    if case.person_id and ties.tied_to(case.person_id, case.first, _until(context, case)):
        return _refused(
            context, task, case, "benturan_kepentingan",
            f"{actor.name} menyatakan benturan kepentingan dengan pegawai ini",
            f"{actor.name} has declared a tie with this employee",
        )  # fmt: skip
    if case.person_id and task.role in JUDGES and ties.rated_by(case.person_id, case.first, case.last):
        return _refused(
            context, task, case, "saling_menilai",
            f"{actor.name} dinilai oleh pegawai ini pada periode yang sama",
            f"{actor.name} is appraised by this employee in the same period",
        )  # fmt: skip
    return None


def _is_theirs(context: Context, task: Any, case: Any) -> bool:
    """Whether a task of one person is the actor's, in their own right or, for an authority who is away, as their substitute."""
    nip = context.actor.nip
    if not nip or nip == task.assignee.nip:
        return bool(nip)
    return task.role in AUTHORITIES and nip == substitute(context, task.assignee_id, case)


def _lawful_appraisers(context: Context, person: int, units: tuple[tuple[int, date, date | None], ...]) -> frozenset[int]:
    day = context.city.today()
    organisation = context.city.organisation(day)
    now = {unit for unit, first, last in units if first <= day and (last is None or day <= last)}
    chains = (chain_of(organisation, person, unit, day) for unit in now)
    return frozenset(chain.appraiser.seat.person for chain in chains if chain.appraiser is not None)


def substitute(context: Context, person: int, case: Any) -> str | None:
    """NIP of the acting holder (Plt., Plh.) of an absent authority's leading post today; None when nobody substitutes.

    The substitute obeys the same duties: the employee and the other authority of the case are never substitutes.
    """
    day = context.city.today()
    organisation = context.city.organisation(day)
    return _substitute(organisation, person, day, {case.person_id, case.appraiser_id, case.superior_id} - {person})


def _substitute(organisation: Organisation, person: int, day: date, barred: set[int]) -> str | None:
    if organisation.absence(person, day) is None:
        return None
    for holders in organisation.leaders.values():
        if any(seat.person == person and seat.kind == "definitif" and seat.holds(day) for seat in holders):
            for seat in holders:
                if seat.kind != "definitif" and seat.holds(day) and seat.person not in barred | {person}:
                    return seat.nip
    return None


def _did_before(context: Context, task: Any, case: Any) -> bool:
    """Whether the actor did a task of this case from which this one is kept apart (four eyes): by the process, or as the
    appraiser, be it as a substitute, whose work the superior looks at."""
    known = context.city.definition(case.process).tasks.get(task.task)
    apart = db.Task.task << (list(known.separate) if known is not None and known.separate else [""])
    if task.role == "atasan_pejabat_penilai":
        apart = apart | (db.Task.role == "pejabat_penilai")
    mine = (db.Task.case == case.id) & (db.Task.done_by == context.actor.id) & (db.Task.state == "done")
    return bool(db.Task.select().where(mine, apart).exists())


def _until(context: Context, case: Any) -> date:
    """What began after the period counts too: it is now that they would judge."""
    last: date = case.last
    return max(last, context.city.today())


def require_untied(context: Context, case: Any) -> None:
    """For acts on a case that are no task: ForbiddenError(`benturan_kepentingan`) for who has a declared tie with its employee."""
    if case.person_id and Ties.of(context).tied_to(case.person_id, case.first, _until(context, case)):
        raise ForbiddenError(
            "benturan_kepentingan",
            f"{context.actor.name} menyatakan benturan kepentingan dengan pegawai ini",
            f"{context.actor.name} has declared a tie with this employee",
            remedy_id="yang boleh: petugas lain yang tidak mempunyai benturan kepentingan",
            remedy_en="who may: another officer without a tie",
        )


def _twice(context: Context, task: Any, case: Any) -> ForbiddenError:
    name = context.actor.name
    return _refused(
        context, task, case, "pembuat_adalah_penyetuju",
        f"{name} sudah mengerjakan bagian yang diperiksa di sini", f"{name} did the part that is checked here",
    )  # fmt: skip


def _alternative(context: Context, task: Any, case: Any) -> str:
    actor = context.actor
    if task.assignee_id is not None:
        return _next_authority(context, task, case)
    account = db.User.select(db.Person.name, db.Person.nip).join(db.Person).switch(db.User).join(db.UserRole).join(db.Role)
    others = account.where(db.Role.name == task.role, db.User.active == True)  # noqa: E712
    if case.person_id:
        others = others.where(db.Person.id != case.person_id)
    serving = db.Assignment.select(db.Assignment.person).join(db.Position).where(db.Position.unit == case.unit_id)
    if task.role == "tim_evaluasi":
        others = others.where(db.Person.id.not_in(serving))
    names = [name for name, nip in rows(others.order_by(db.Person.name).distinct()) if nip != actor.nip]
    return ", ".join(names[:3]) if names else f"{ROLE_WORDS.get(task.role, task.role)} lain (belum ada akunnya)"


def _next_authority(context: Context, task: Any, case: Any) -> str:
    """Who may do a task of one person: they themselves while in office; else the next lawful authority above the unit, by name."""
    day = context.city.today()
    organisation = context.city.organisation(day)
    if task.assignee.nip != context.actor.nip and organisation.absence(task.assignee_id, day) is None:
        return str(task.assignee.name)
    if task.role == OWN_TASK_ROLE and task.assignee_id != case.person_id:
        return "rekan lain yang ditanya"
    if case.person_id is None or case.unit_id is None or task.role == OWN_TASK_ROLE:
        return str(task.assignee.name)
    own = db.Person.get_or_none(db.Person.nip == context.actor.nip)
    barred = dict.fromkeys([task.assignee_id, *([own.id] if own is not None else [])], "")
    if task.role == "atasan_pejabat_penilai" and case.appraiser_id not in barred:
        above = superior_of(organisation, case.person_id, case.unit_id, case.appraiser_id, day, barred)
        return above.seat.name if above is not None else "belum ada"
    chain = chain_of(organisation, case.person_id, case.unit_id, day, barred)
    following = chain.superior if task.role == "atasan_pejabat_penilai" else chain.appraiser
    return following.seat.name if following is not None else "belum ada: " + (chain.obstacle or ("", ""))[0]


def _refused(context: Context, task: Any, case: Any, code: str, text_id: str, text_en: str) -> ForbiddenError:
    alternative = _alternative(context, task, case)
    return ForbiddenError(
        code,
        text_id,
        text_en,
        remedy_id=f"yang boleh: {alternative}",
        remedy_en=f"who may: {alternative}",
        alternative=alternative,
    )
