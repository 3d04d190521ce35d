"""Fairness before signing: ratings against the pattern, leniency by appraiser and unit, and what calibration changed.

Small groups are hidden, and with them so many others that they cannot be computed (`disclosure`); gaps are drawn towards nothing
for small groups (`shrinkage`). Levels, limits and marks are the rules'.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ...core.numbers import round_half_up
from ...store import models as db
from ...store.queries import objects, rows
from ..context import Context, require
from ..evaluation.calibration import PatternCheck, checked, ratings
from ..evaluation.decide import RATING, decide_with
from ..reading import load_cycle
from . import disclosure, shrinkage

LEVEL, MARK, SHOWN = "tingkat_ekspektasi", "penanda_kelonggaran", "kelompok_minimum_tampil"
BEHAVIOUR, RESULT = "perilaku_kerja", "hasil_kerja"
USUAL = "biasa"
READERS = ("administrator", "bkpsdm", "tim_evaluasi", "auditor")


@dataclass(frozen=True, slots=True)
class Leniency:
    """How a group's behaviour ratings stand to the city's. code: NIP of the appraiser or code of the unit.

    mean, gap, drawn: levels (above +1, as expected 0, below -1); drawn: the gap after shrinkage. mark: of the rules.
    """

    code: str
    name: str
    people: int
    mean: Fraction
    gap: Fraction
    drawn: Fraction
    mark: str


@dataclass(frozen=True, slots=True)
class Groups:
    """shown, by size of the drawn gap; hidden: how many groups are not shown, with how many people together."""

    shown: tuple[Leniency, ...]
    hidden: int
    hidden_people: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Calibration in one unit. up, down: cases moved one step. before, after: rating → people."""

    unit: str
    name: str
    people: int
    up: int
    down: int
    before: Mapping[str, int]
    after: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """people: rated cases of the cycle in the reader's reach, 0 while they are fewer than `least`, the smallest group shown.

    mean: the level of all; within, between: variances, see `shrinkage`. patterns: of the shown units; hidden_people: in the units
    not shown, together. calibration: by unit and, last, of the whole ("").
    """

    cycle: str
    title: str
    day: date
    people: int
    least: int
    ratings: tuple[str, ...]
    mean: Fraction
    within: Fraction
    between: Fraction
    appraisers: Groups
    units: Groups
    patterns: tuple[PatternCheck, ...]
    hidden_units: int
    hidden_people: int
    calibration: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """level None: no appraiser has rated the behaviour (a case taken over from elsewhere)."""

    id: int
    agency: int
    rating: str
    level: Fraction | None
    appraiser: str
    before: str


def report(context: Context, code: str) -> FairnessReport:
    """The report of a cycle over the units the actor's roles reach. Raises NotFoundError, ForbiddenError."""
    require(context, "fairness.read")
    cycle = load_cycle(code)
    known = ratings(context)
    policy = context.city.policy(context.city.release().fingerprint)
    figure = policy.parameters[SHOWN].on(cycle.last) or policy.parameters[SHOWN].values[-1]
    least = int(figure.value)
    found = _cases(context, cycle)
    cases = found if len(found) >= least else []  # so few people are a small group themselves
    visible = _visible(cases, least)
    by_unit, by_appraiser = _levels(cases, "agency"), _levels(cases, "appraiser")
    overall = shrinkage.compare(by_appraiser)
    names = _names(cases)
    places = {node.id: (node.code, node.short_name or node.name) for node in context.city.units.nodes.values()}
    within: dict[int, list[_Case]] = defaultdict(list)
    for case in cases:
        within[case.agency].append(case)
    seen = sorted((agency for agency in within if ("unit", agency) in visible), key=lambda agency: places[agency])
    counts = {agency: Counter(case.rating for case in within[agency]) for agency in within}
    people = {nip: (nip, names.get(nip, nip)) for nip in by_appraiser if ("appraiser", nip) in visible}
    units = {agency: places[agency] for agency in by_unit if ("unit", agency) in visible}
    return FairnessReport(
        code, cycle.title, cycle.last, len(cases), least, known, overall.mean, overall.within, overall.between,
        appraisers=_groups(context, cycle.last, overall, people),
        units=_groups(context, cycle.last, shrinkage.compare(by_unit), units),
        patterns=tuple(checked(context, cycle, agency, *places[agency], counts[agency]) for agency in seen),
        hidden_units=len(within) - len(seen),
        hidden_people=sum(counts[agency].total() for agency in within if agency not in seen),
        calibration=(*(_moved(*places[agency], known, within[agency]) for agency in seen), _moved("", "", known, cases)),
    )  # fmt: skip


def _visible(cases: Iterable[_Case], least: int) -> frozenset[tuple[str, Any]]:
    """("unit", agency) and ("appraiser", nip) of the groups that may be shown side by side."""
    groups: dict[tuple[str, Any], Counter[Any]] = defaultdict(Counter)
    whole: Counter[Any] = Counter()
    for case in cases:
        cell = (case.agency, case.appraiser)
        whole[cell] += 1
        groups["unit", case.agency][cell] += 1
        if case.level is not None:
            groups["appraiser", case.appraiser][cell] += 1
    return disclosure.shown(groups, least, whole, worth=lambda key: key[0] == "unit")  # the pattern needs the units


# ── the cases ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _cases(context: Context, cycle: Any) -> list[_Case]:
    """Rated cases in reach, with the level of behaviour and the rating they would have had without calibration."""
    query = db.Case.select(db.Case.id, db.Case.agency, db.Case.rating).where(
        db.Case.cycle == cycle.id, db.Case.rating.is_null(False)
    )
    reach = _reach(context)
    if reach is not None:
        query = query.where(db.Case.unit << list(reach))
    found = list(rows(query.order_by(db.Case.id)))
    judged = {}
    steps = {}
    for case, role, aspect, value, author in rows(_judgements(cycle)):
        if role == "pejabat_penilai" and aspect == BEHAVIOUR:
            judged[case] = (value, author)
        elif role == "tim_evaluasi" and aspect == RESULT:
            steps[case] = value
    levels = {value: _level(context, value, cycle.last) for value in {value for value, _ in judged.values()}}
    calibrated = [id for id, _, _ in found if steps.get(id) in ("naik", "turun")]
    before = _before(context, calibrated, cycle.last)
    return [
        _Case(
            id, agency, rating, levels[judged[id][0]] if id in judged else None, judged[id][1] if id in judged else "",
            before.get(id, rating),
        )
        for id, agency, rating in found
    ]  # fmt: skip


def _judgements(cycle: Any) -> Any:
    table = db.Judgement
    query = table.select(table.case, table.role, table.aspect, table.value, table.author).join(db.Case)
    return query.where(db.Case.cycle == cycle.id, table.aspect << [BEHAVIOUR, RESULT]).order_by(table.id)


def _before(context: Context, cases: list[int], on: date) -> dict[int, str]:
    """Case → the rating by the rules' own proposal, of the cases the team moved."""
    latest: dict[int, Any] = {}
    query = db.Evaluation.select(db.Evaluation.case, db.Evaluation.finding, db.Evaluation.facts)
    for row in objects(query.where(db.Evaluation.case << (cases or [0])).order_by(db.Evaluation.id)):
        latest[row.case_id] = row
    found = {}
    for case, row in latest.items():
        given = {"hasil_kerja": row.finding["outputs"][RESULT], "perilaku_kerja": row.facts["kasus"][BEHAVIOUR]}
        found[case] = str(decide_with(context, "predikat_kinerja", given, on)[RATING])
    return found


def _reach(context: Context) -> frozenset[int] | None:
    """Units whose cases the actor's roles let them read; None = all."""
    scopes = [scope for role, scope in context.actor.roles.items() if role in READERS]
    if any(not scope for scope in scopes):
        return None
    return frozenset().union(*(context.city.units.below(scope) for scope in scopes))


def _names(cases: Iterable[_Case]) -> dict[str, str]:
    wanted = sorted({case.appraiser for case in cases})
    return dict(rows(db.Person.select(db.Person.nip, db.Person.name).where(db.Person.nip << (wanted or [""]))))


# ── figures ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _level(context: Context, value: str, on: date) -> Fraction:
    return Fraction(decide_with(context, LEVEL, {"ekspektasi": value}, on)["tingkat"])


def _levels(cases: Iterable[_Case], by: str) -> dict[Any, list[Fraction]]:
    found: dict[Any, list[Fraction]] = defaultdict(list)
    for case in cases:
        if case.level is not None:
            found[getattr(case, by)].append(case.level)
    return found


def _groups(context: Context, on: date, all_of: shrinkage.Comparison[Any], shown: Mapping[Any, tuple[str, str]]) -> Groups:
    lines = []
    for key, (code, name) in shown.items():
        group = all_of.groups[key]
        mark = _mark(context, group, on)
        lines.append(Leniency(code, name, group.size, group.mean, group.gap, group.drawn, mark))
    hidden = [group for key, group in all_of.groups.items() if key not in shown]
    lines.sort(key=lambda line: (-abs(line.drawn), line.name))
    return Groups(tuple(lines), len(hidden), sum(group.size for group in hidden))


def _mark(context: Context, group: shrinkage.Shrunk, on: date) -> str:
    given = {"selisih": round_half_up(group.drawn, 4), "ragam": round_half_up(group.variance, 8)}
    return str(decide_with(context, MARK, given, on)["penanda"])


def _moved(code: str, name: str, known: tuple[str, ...], cases: list[_Case]) -> Moved:
    place = {rating: number for number, rating in enumerate(known)}
    before, after = Counter(case.before for case in cases), Counter(case.rating for case in cases)
    return Moved(
        code, name, len(cases),
        up=sum(place[case.rating] < place[case.before] for case in cases),
        down=sum(place[case.rating] > place[case.before] for case in cases),
        before={rating: before[rating] for rating in known},
        after={rating: after[rating] for rating in known},
    )  # fmt: skip
