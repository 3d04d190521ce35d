"""What peers and subordinates say about somebody's behaviour: asked by the records, kept without names, read as a whole.

Each person asked gets a case of the process `survei-perilaku` of their own, with the appraisal as its parent: how many are asked
differs from person to person, and each has their own task, deadline and reminder. The answer leaves the case at once: neither the
task, nor the process, nor the ledger keeps it, and what is kept names neither who answered nor when. How many may be asked and from
how many answers on the whole is read stands in the rules (`survei_perilaku`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from ...core.errors import ConflictError, ForbiddenError, NotFoundError
from ...process import Form
from ...store import models as db
from ...store.queries import Organisation, Seat, objects, rows, seats
from ..acts import Done, perform
from ..context import Context, allowed, relations, require
from ..evaluation.decide import decide_with
from ..reading import CASE_JOINS, load_case
from ..starting import Subject, start_case
from ..views import Receipt
from ..visibility import decided_evaluation

PROCESS, RULE, SUBJECT = "survei-perilaku", "survei_perilaku", "survei"
PEER, SUBORDINATE = "rekan", "bawahan"
UNKNOWN = "tidak_tahu"
STAGES = ("pelaksanaan", "penilaian")
APPRAISED = ("PNS", "PPPK", "CPNS")


@dataclass(frozen=True, slots=True)
class Aspect:
    """One value of BerAKHLAK. counts: level → answers, None while too few know it to be shown."""

    name: str
    counts: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class Side:
    """side: "" (all), rekan or bawahan."""

    side: str
    answers: int
    aspects: tuple[Aspect, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """closed: nobody can answer any more; sides and comments are empty until then, and for ever when answers are too few.

    until: the last day to answer of those still asked. shown: the whole may be read. comments: in random order.
    """

    asked: int
    answered: int
    closed: bool
    until: datetime | None
    shown: bool
    sides: tuple[Side, ...]
    comments: tuple[str, ...]


# ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def ask(context: Context, case_id: int, key: str | None = None) -> Receipt:
    """Ask the peers and subordinates of a case's employee. values: {case, asked, new}; asking again changes nothing.

    Raises ConflictError(`terlambat_bertanya`) once the case is past its assessment, (`responden_kurang`) where so few work together
    that answers could not stay confidential.
    """

    def work() -> Done:
        case = load_case(case_id)
        require(context, "peers.ask", case)
        asked, new = _ask(context, case)
        return _told(f"case:{case_id}", case.person.name, asked, {"case": case_id, "asked": asked, "new": new})

    return perform(context, "peers.ask", work, key)


def ask_unit(context: Context, cycle: str, unit: str, key: str | None = None) -> Receipt:
    """Ask for every open appraisal of a unit and those below it. values: {asked, cases, refused: [[name, reason]]}."""

    def work() -> Done:
        place = db.Unit.get_or_none(db.Unit.code == unit)
        if place is None:
            raise NotFoundError("unit_tidak_ada", f"unit {unit} tidak ada", f"no unit {unit}")
        require(context, "peers.ask", unit=place)
        within = list(context.city.units.below([unit]))
        query = CASE_JOINS().where(db.Cycle.code == cycle, db.Case.unit << within, db.Case.state == "open").order_by(db.Case.id)
        asked, cases, refused = 0, 0, []
        for case in query:
            try:
                number, _ = _ask(context, case)
            except ConflictError as error:
                refused.append([case.person.name, error.line("id")])
                continue
            asked, cases = asked + number, cases + 1
        return _told(f"cycle:{cycle}", place.name, asked, {"asked": asked, "cases": cases, "refused": refused})

    return perform(context, "peers.ask", work, key)


def _told(subject: str, about: str, asked: int, values: Mapping[str, Any]) -> Done:
    return Done(
        subject,
        f"Survei perilaku {about}: {asked} orang diminta menjawab",
        f"Behaviour survey of {about}: {asked} people asked",
        payload={name: value for name, value in values.items() if name != "refused"},
        values=values,
    )


def _ask(context: Context, case: Any) -> tuple[int, bool]:
    known = db.Case.select().where(db.Case.parent == case.id, db.Case.subject.startswith(f"{SUBJECT}:")).count()
    if known:
        return known, False
    if case.state != "open" or case.stage not in STAGES or case.cycle_id is None:
        raise ConflictError(
            "terlambat_bertanya",
            f"penilaian {case.person.name} tidak lagi dalam pelaksanaan atau penilaian",
            f"the appraisal of {case.person.name} is no longer in execution or assessment",
            remedy_id="survei diminta sebelum hasil dihitung",
            remedy_en="ask before the result is computed",
        )
    day = min(max(context.city.today(), case.first), case.last)
    found = candidates(context, case, day)
    answer = decide_with(context, RULE, {"jawaban": Fraction(0), "calon": Fraction(len(found))}, day)
    number = int(answer["diminta"])
    if not number:
        raise ConflictError(
            "responden_kurang",
            f"hanya {len(found)} orang yang boleh ditanya tentang {case.person.name}; jawabannya tidak dapat dirahasiakan",
            f"only {len(found)} people may be asked about {case.person.name}; their answers could not stay confidential",
            remedy_id="perilaku dinilai pejabat penilai saja",
            remedy_en="the appraiser alone rates the behaviour",
            candidates=len(found),
        )
    for seat, side in _drawn(context, case, found)[:number]:
        start_case(
            context,
            PROCESS,
            Subject(
                f"{SUBJECT}:{case.id}:{side}:{seat.nip}", f"Survei perilaku {case.person.name}", case.first, case.last,
                unit=seat.unit, person=seat.person, parent=case.id,
            ),
        )  # fmt: skip
    return number, True


def candidates(context: Context, case: Any, day: date) -> list[tuple[Seat, str]]:
    """Who may be asked about the employee on a day: (seat, side), by the organisation's records, duties obeyed.

    Peers serve in the same unit, or lead the units beside it; subordinates serve in the unit that the employee leads, or lead one
    right below it. The appraiser, the appraiser's superior and people with a declared tie are never asked.
    """
    organisation = context.city.organisation(day)
    places = _places(organisation, case)
    barred = {case.person_id, case.appraiser_id, case.superior_id}
    barred |= {other for own, other in organisation.ties if own == case.person_id}
    held = seats(db.Position.unit << [unit for unit, _ in places], db.Person.active == True, db.Person.status << APPRAISED)  # noqa: E712
    found: dict[int, tuple[Seat, str]] = {}
    for seat in held:
        side = places.get((seat.unit, seat.leads_unit))
        if side and seat.kind == "definitif" and seat.holds(day) and seat.person not in barred:
            found.setdefault(seat.person, (seat, side))
    return [found[person] for person in sorted(found)]


def _places(organisation: Organisation, case: Any) -> dict[tuple[int, bool], str]:
    """(unit, leads it) → side of those who sit there."""
    nodes = organisation.tree.nodes
    here = case.unit_id
    if not case.position.leads_unit:
        return {(here, False): PEER}
    parent = nodes[here].parent
    beside = [node.id for node in nodes.values() if node.parent == parent and node.id != here and parent is not None]
    below = [node.id for node in nodes.values() if node.parent == here]
    return {
        **{(unit, True): PEER for unit in beside},
        (here, False): SUBORDINATE,
        **{(unit, True): SUBORDINATE for unit in below},
    }


def _drawn(context: Context, case: Any, found: Iterable[tuple[Seat, str]]) -> list[tuple[Seat, str]]:
    """In an order drawn by lot that nobody chooses, the same whoever asks."""
    secret = context.city.settings.secret.encode() or b"kinerja"

    def lot(pair: tuple[Seat, str]) -> str:
        return hmac.new(secret, f"{case.id}|{pair[0].nip}".encode(), hashlib.sha256).hexdigest()

    return sorted(found, key=lot)


# ── answering ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def keep_unsigned(context: Context, case: Any, task: Any, form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the answers of a confidential form without who gave them; what task, process and ledger may know of them: nothing.

    Only the person asked answers, never a substitute: ForbiddenError(`jawaban_pribadi`).
    """
    if task.assignee_id is None or task.assignee.nip != context.actor.nip:
        raise ForbiddenError("jawaban_pribadi", "hanya yang diminta yang menjawab", "only the person asked answers")
    _, _, side, _ = str(case.subject).split(":", 3)
    answers = {name: values[name] for name, question in form.fields.items() if question.type == "choice" and values[name]}
    comment = "\n".join(
        str(values[name]) for name, question in form.fields.items() if question.type == "long_text" and values[name]
    )
    db.PeerAnswer.insert(key=_key(context, case, task), case=case.parent_id, side=side, answers=answers, comment=comment).execute()
    return {}


def _key(context: Context, case: Any, task: Any) -> str:
    """By chance, so that it leads nobody back; in a demo city by its public secret, so that it repeats byte for byte."""
    if not context.city.settings.is_demo:
        return secrets.token_hex(16)
    return hmac.new(context.city.settings.secret.encode(), f"{case.id}|{task.id}".encode(), hashlib.sha256).hexdigest()[:32]


# ── reading the whole ─────────────────────────────────────────────────────────────────────────────────────────────────
def survey(context: Context, case_id: int) -> Survey | None:
    """The survey on a case's employee, None when nobody was asked.

    For the appraiser, their superior, the evaluation team, HR and auditors; the employee reads it once the result is decided.
    """
    case = load_case(case_id)
    require(context, "peers.read", case)
    if "self" in relations(context.actor, case) and decided_evaluation(case_id) is None:
        return None
    children = db.Case.select(db.Case.id, db.Case.state).where(db.Case.parent == case_id, db.Case.subject.startswith(f"{SUBJECT}:"))
    states = dict(rows(children))
    if not states:
        return None
    found = list(objects(db.PeerAnswer.select().where(db.PeerAnswer.case == case_id).order_by(db.PeerAnswer.key)))
    closed = "open" not in states.values()
    until = db.Task.select(db.Task.due).where(db.Task.case << list(states), db.Task.state == "ready").order_by(db.Task.due.desc())
    shown = closed and _enough(context, len(found), case.last)
    return Survey(
        asked=len(states),
        answered=len(found),
        closed=closed,
        until=next((due for (due,) in rows(until)), None),
        shown=shown,
        sides=_sides(context, found, case.last) if shown else (),
        comments=tuple(row.comment for row in found if row.comment) if shown else (),
    )


def _sides(context: Context, found: list[Any], on: date) -> tuple[Side, ...]:
    """The whole; peers and subordinates apart only where neither side can be told from the other by subtraction.

    That holds for each value of behaviour too: where too few of one side know it, it is shown of neither; the whole less the other
    side would be theirs.
    """
    apart = {side: [row for row in found if row.side == side] for side in (PEER, SUBORDINATE)}
    sides = [Side("", len(found), _aspects(context, found, on))]
    if all(_enough(context, len(answers), on) for answers in apart.values()):
        told = {side: _aspects(context, answers, on) for side, answers in apart.items()}
        hidden = {aspect.name for aspects in told.values() for aspect in aspects if aspect.counts is None}
        for side, aspects in told.items():
            shown = tuple(replace(aspect, counts=None) if aspect.name in hidden else aspect for aspect in aspects)
            sides.append(Side(side, len(apart[side]), shown))
    return tuple(sides)


def may_ask(context: Context, case: Any) -> bool:
    """Whether the actor may ask now, and nobody has been asked yet."""
    asked = db.Case.select().where(db.Case.parent == case.id, db.Case.subject.startswith(f"{SUBJECT}:"))
    return case.cycle_id is not None and case.stage in STAGES and allowed(context, "peers.ask", case) and not asked.exists()


def _aspects(context: Context, found: list[Any], on: date) -> tuple[Aspect, ...]:
    names = dict.fromkeys(name for row in found for name in row.answers)
    aspects = []
    for name in names:
        counts = Counter(row.answers[name] for row in found if row.answers.get(name, UNKNOWN) != UNKNOWN)
        aspects.append(Aspect(name, dict(counts) if _enough(context, counts.total(), on) else None))
    return tuple(aspects)


def _enough(context: Context, answers: int, on: date) -> bool:
    given = {"jawaban": Fraction(answers), "calon": Fraction(answers)}
    return bool(decide_with(context, RULE, given, on)["tampil"])
