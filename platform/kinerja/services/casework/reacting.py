"""Reactions of the rules to what happens in running cases: looked for once a day and right after an import, each fired once,
with its facts.

A task that the city has a process for begins a case of it (coaching, papers for an examination); everything else is told to
whom the rule names. Nothing is decided about anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ...core.errors import BusyError, ConflictError, IncidentError, KinerjaError, NotFoundError
from ...engine.reactions import Happening, Reacted
from ...process import Text
from ...store import models as db
from ...store.queries import objects, rows
from ..acts import Done, perform
from ..context import SYSTEM, WHOLE_CITY, Context, require
from ..evaluation.decide import storable
from ..notices import holders_of, tell
from ..reading import APPRAISALS, CASE_JOINS, load_case
from .discipline import start_papers
from .followup import COACHING, start_coaching

AT_ONCE = 500
LOOK_BACK = timedelta(days=750)
"""More than the longest window of a rule; a rule's own window is what counts."""
RATING, BEHAVIOUR, MONTHLY = "nilai_hasil_kerja", "perilaku_kerja", "bulanan"


@dataclass(frozen=True, slots=True)
class FiringView:
    """A reaction that fired on a case. facts: the happenings, [{kind, on, …fields}]. started: the case it began, None for none."""

    title_id: str
    title_en: str
    act: str
    role: str
    text_id: str
    text_en: str
    facts: tuple[Mapping[str, Any], ...]
    place: str
    at: datetime
    started: int | None


def daily(context: Context) -> int:
    """Look at every open appraisal case, once a day; how many reactions fired."""
    require(context, "process.load", unit=WHOLE_CITY)
    release = context.city.find_release()
    key = f"reaksi-{context.city.today()}"
    if release is None or db.Receipt.get_or_none(db.Receipt.key == key) is not None:
        return 0
    if not context.city.policy(release.fingerprint).reactions:
        return 0
    fired = _look_at(context, db.Case.state == "open")

    def work() -> Done:
        return Done("reactions", f"{fired} reaksi", f"{fired} reactions", payload={"fired": fired}, values={"fired": fired})

    perform(context, "reaction.round", work, key)
    return fired


def after(context: Context, people: Iterable[int]) -> int:
    """Look at the open appraisal cases of people whose records have just come in; how many reactions fired.

    Whatever it does not get to, the daily round does: every firing has its key.
    """
    if context.city.find_release() is None:
        return 0
    system, touched = Context(context.city, SYSTEM), sorted(set(people))
    parts = [touched[start : start + AT_ONCE] for start in range(0, len(touched), AT_ONCE)]
    return sum(_look_at(system, (db.Case.state == "open") & (db.Case.person << part)) for part in parts)


def _look_at(context: Context, chosen: Any) -> int:
    fired = 0
    for (case,) in list(rows(db.Case.select(db.Case.id).where(APPRAISALS, chosen).order_by(db.Case.id))):
        try:
            fired += len(look(context, case))
        except (ConflictError, BusyError, IncidentError):
            continue  # somebody else moves it, or the machine failed on it: the others go on, tomorrow is another day
    return fired


def look(context: Context, case_id: int) -> tuple[str, ...]:
    """Fire what the rules in force find in one case today and have not found before; the keys that fired."""
    require(context, "process.load", unit=WHOLE_CITY)
    case = load_case(case_id)
    fingerprint = context.city.release().fingerprint
    policy = context.city.policy(fingerprint)
    kinds = frozenset(kind for reaction in policy.reactions for kind in reaction.events)
    prefix = f"{case.person_id}:"
    known = [key.removeprefix(prefix) for (key,) in rows(db.Firing.select(db.Firing.key).where(db.Firing.key.startswith(prefix)))]
    today = context.city.today()
    found = [one for one in happenings(context, case, fingerprint, kinds) if today - LOOK_BACK <= one.on]
    fired = context.city.react(fingerprint, found, today, known)
    return tuple(_fire(context, case, fingerprint, prefix, one) for one in fired)


def views(case_id: int) -> tuple[FiringView, ...]:
    """What fired on a case, or began it, oldest first."""
    found = db.Firing.select().where((db.Firing.case == case_id) | (db.Firing.started == case_id)).order_by(db.Firing.id)
    return tuple(
        FiringView(
            row.title_id, row.title_en, row.act, row.role, row.text_id, row.text_en, tuple(row.facts), row.place, row.fired_at,
            row.started_id,
        )
        for row in objects(found)
    )  # fmt: skip


def _fire(context: Context, case: Any, fingerprint: str, prefix: str, reacted: Reacted) -> str:
    then, match = reacted.reaction.then, reacted.match
    facts = [{"kind": one.kind, "on": one.on, **one.values} for one in reacted.happenings]

    def work() -> Done:
        row = db.Firing.create(
            key=f"{prefix}{match.key}", case=case.id, reaction=match.reaction, title_id=reacted.reaction.label.id,
            title_en=reacted.reaction.label.en, act=then.act, name=then.name, role=then.role, text_id=reacted.text_id,
            text_en=reacted.text_en, facts=storable(facts), release=fingerprint, place=str(reacted.reaction.place),
            fired_at=context.city.clock.now(),
        )  # fmt: skip
        started = _started(context, case, then.name) if then.act == "task" else None
        if started is not None:
            db.Firing.update(started=started).where(db.Firing.id == row.id).execute()
        said = Text(_plain(f"{case.person.name}: {then.text.id}"), _plain(f"{case.person.name}: {then.text.en}"))
        told = tell(context, case, holders_of(context, case, then.role), said)
        payload = {"reaction": match.reaction, "key": match.key, "act": then.act, "facts": storable(facts), "told": told}
        return Done(
            f"case:{case.id}",
            f"{reacted.reaction.label.id} – {case.person.name}",
            f"{reacted.reaction.label.en}: {case.person.name}",
            payload=payload | {"started": started},
            values={"firing": row.id},
        )

    perform(context, "reaction.fire", work, key=f"reaksi:{prefix}{match.key}"[:120])
    return str(match.key)


STARTS: Mapping[str, Callable[[Context, Any], int]] = {COACHING: start_coaching, "berkas_disiplin": start_papers}
"""Task that a reaction names → what begins a case of the process for it; any other is told and done by hand."""


def _started(context: Context, case: Any, task: str) -> int | None:
    try:
        return STARTS[task](context, case) if task in STARTS else None
    except NotFoundError:  # a city without that process: whom the rule names is told all the same
        return None


def _plain(text: str) -> str:
    """Words that are no template: braces mean themselves."""
    return text.replace("{", "{{").replace("}", "}}")


# ── what happened ─────────────────────────────────────────────────────────────────────────────────────────────────────
def happenings(context: Context, case: Any, fingerprint: str, kinds: frozenset[str]) -> Iterator[Happening]:
    """The dated facts of a case that the reactions look at, from attendance, evidence, judgements and monthly results."""
    for kind, source in SOURCES.items():
        if kind in kinds:
            yield from source(context, case, fingerprint)


def _attendance(context: Context, case: Any, _: str) -> Iterator[Happening]:
    since = context.city.today() - LOOK_BACK
    days = db.Attendance.select().where(db.Attendance.person == case.person_id, db.Attendance.day >= since)
    for row in objects(days.order_by(db.Attendance.day)):
        yield Happening(f"kehadiran:{row.day}", "kehadiran", row.day, {"tidak_masuk": row.absent, "alasan_sah": row.excused})


def _deadlines(context: Context, case: Any, _: str) -> Iterator[Happening]:
    for (code,) in rows(
        db.PlanItem.select(db.PlanItem.code).where(db.PlanItem.case == case.id, db.IN_FORCE).order_by(db.PlanItem.ordinal)
    ):
        yield Happening(f"batas:{case.id}:{code}", "batas_bukti", case.last, {"kode": code, "mulai": case.first})


def _evidence(context: Context, case: Any, _: str) -> Iterator[Happening]:
    for row in _measured(case):
        values = {"kode": row.plan_item.code, "mulai": case.first, "ditahan": row.held}
        yield Happening(f"bukti:{row.id}", "bukti", row.recorded_at.date(), values)


def _progress(context: Context, case: Any, fingerprint: str) -> Iterator[Happening]:
    """Achievement at each measurement, by the rules; what they cannot say is left out."""
    for row in _measured(case):
        item, day = row.plan_item, row.recorded_at.date()
        given = {
            "polaritas": item.polarity, "target": item.target, "target_atas": item.target_high, "realisasi": row.value,
        }  # fmt: skip
        left = (case.last - day).days
        if row.held or not left >= 0:
            continue
        try:
            outputs = context.city.decide(fingerprint, "capaian_indikator", given, day).outcome.outputs
        except KinerjaError:
            continue
        values = {"kode": item.code, "persen": outputs["capaian"], "sisa_hari": left}
        yield Happening(f"capaian:{row.id}", "capaian_berjalan", day, values)


def _behaviour(context: Context, case: Any, _: str) -> Iterator[Happening]:
    rated = db.Judgement.select().where(db.Judgement.case == case.id, db.Judgement.aspect == BEHAVIOUR)
    for row in objects(rated.where(db.Judgement.role == "pejabat_penilai").order_by(db.Judgement.id)):
        yield Happening(f"perilaku:{row.id}", "rating_perilaku", row.judged_at.date(), {"rating": row.value})


def _monthly(context: Context, case: Any, _: str) -> Iterator[Happening]:
    """The latest result of each of the person's cases in monthly cycles."""
    months = CASE_JOINS().where(db.Case.person == case.person_id, db.Cycle.template == MONTHLY).order_by(db.Case.last)
    for month in months:
        row: Any = db.Evaluation.select().where(db.Evaluation.case == month.id).order_by(db.Evaluation.id.desc()).first()
        score = None if row is None else row.finding["outputs"].get(RATING)
        if score is not None:
            yield Happening(f"bulan:{month.id}", "hasil_bulanan", month.last, {"nilai": score})


def _measured(case: Any) -> list[Any]:
    query = db.Measurement.select(db.Measurement, db.PlanItem).join(db.PlanItem).where(db.PlanItem.case == case.id, db.IN_FORCE)
    return list(objects(query.order_by(db.Measurement.id)))


SOURCES: Mapping[str, Any] = {
    "kehadiran": _attendance,
    "batas_bukti": _deadlines,
    "bukti": _evidence,
    "capaian_berjalan": _progress,
    "rating_perilaku": _behaviour,
    "hasil_bulanan": _monthly,
}
"""Kind of happening, as reaction files name it → where it is found."""
