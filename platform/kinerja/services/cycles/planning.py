"""Who would get which case in a cycle: seats by date, split where people moved, each with standard, chain and obstacles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...core.errors import KinerjaError, RuleError
from ...core.periods import Period
from ...policy import standard_for
from ...policy.model import Policy, Standard
from ...store import models as db
from ...store.queries import Organisation, Seat, UnitTree, rows, seats
from ..context import Context
from ..evaluation.shares import Shares
from ..poststandards import place_of
from ..staff.appraisers import Chain, Wanted, chains_of
from ..staff.splitting import Part, parts_of
from ..views import PlannedCase

NO_STANDARD, NO_APPRAISER, NO_SUPERIOR, BRIEF = "standar", "pejabat_penilai", "atasan", "terlalu_singkat"
APPRAISED = ("PNS", "PPPK", "CPNS")
TOO_SHORT = (
    "bagian periode di jabatan ini tidak memuat akhir bulan; dinilai dalam jabatan berikutnya",
    "this part of the period holds no end of a month; it is appraised with the next post",
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which employees: all, or those of the named agencies and units (codes, with all below), or the named people (NIP)."""

    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A case that opening would make, and what stands against it: obstacles (text id, text en), () = ready."""

    seat: Seat
    position: Any
    period: Period
    months: int
    standard: Standard | None
    chain: Chain
    obstacles: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...] = ()


def plan_cases(context: Context, policy: Policy, whole: Period, selection: Selection) -> list[Plan]:
    """One plan for each post a chosen person held in the period, by unit, person and date."""
    today = context.city.today()
    organisation = context.city.organisation(min(max(today, whole.first), whole.last))
    parts = _parts(organisation.tree, whole, selection)
    days = {part: min(max(today, part.period.first), part.period.last) for part in parts}
    wanted = {part: Wanted(part.seat.person, part.seat.unit, days[part]) for part in parts}
    chains = chains_of(organisation, wanted.values(), standing(whole))
    positions = {row.id: row for row in db.Position.select()}
    shares = Shares(context.city, policy.fingerprint)
    return [_plan(organisation, policy, whole, shares, part, positions[part.seat.position], chains[wanted[part]]) for part in parts]


def shown(plan: Plan, tree: UnitTree) -> PlannedCase:
    chain = plan.chain
    return PlannedCase(
        plan.seat.nip, plan.seat.name, plan.seat.title, tree.nodes[plan.seat.unit].name, plan.period.first, plan.period.last,
        plan.standard.name if plan.standard else "",
        chain.appraiser.seat.name if chain.appraiser else "", chain.superior.seat.name if chain.superior else "",
        chain.note, plan.obstacles, plan.kinds,
    )  # fmt: skip


def _parts(tree: UnitTree, whole: Period, selection: Selection) -> list[Part]:
    conditions = [db.Person.status.in_(APPRAISED), db.Person.active == True, db.Assignment.kind == "definitif"]  # noqa: E712
    if selection.people:
        conditions.append(db.Person.nip.in_(selection.people))
    held: dict[int, list[Seat]] = {}
    for seat in seats(*conditions):
        held.setdefault(seat.person, []).append(seat)
    allowed = tree.below(selection.units) if selection.units else None
    found = [part for own in held.values() for part in parts_of(own, whole) if allowed is None or part.seat.unit in allowed]
    return sorted(found, key=lambda part: (tree.nodes[part.seat.unit].code, part.seat.nip, part.period.first))


def standing(whole: Period, besides: int = 0) -> list[tuple[int, int]]:
    """Who appraises whom, or decides above the appraiser, in cases of the same time that are open already, but for one of them."""
    case = db.Case
    same_time = (case.first <= whole.last) & (case.last >= whole.first) & case.cycle.is_null(False) & (case.id != besides)
    pairs = [case.select(column, case.person).where(same_time, column.is_null(False)) for column in (case.appraiser, case.superior)]
    return [pair for query in pairs for pair in rows(query.distinct())]


def _plan(
    organisation: Organisation, policy: Policy, whole: Period, shares: Shares, part: Part, position: Any, chain: Chain
) -> Plan:
    obstacles = [chain.obstacle] if chain.obstacle else []
    kinds = [NO_SUPERIOR if chain.appraiser else NO_APPRAISER] if chain.obstacle else []
    if not part.months:
        obstacles.append(TOO_SHORT)
        kinds.append(BRIEF)
    standard: Standard | None = None
    place = place_of(organisation.tree, policy, part.seat.unit)
    try:
        standard = standard_for(policy, position.code, place, position.job_class, part.period.last)
    except RuleError as error:
        obstacles.append((f"{error.text_id} → {error.remedy_id}", f"{error.text_en} → {error.remedy_en}"))
        kinds.append(NO_STANDARD)
    try:  # what cannot be divided stands against opening, and is told with the others
        for item in standard.indicators if standard is not None else ():
            shares.of(item.prorate, item.target, item.target_high, part.period, whole)
    except KinerjaError as error:
        obstacles.append((f"{error.text_id} → {error.remedy_id}", f"{error.text_en} → {error.remedy_en}"))
        kinds.append(NO_STANDARD)
    return Plan(part.seat, position, part.period, part.months, standard, chain, tuple(obstacles), tuple(kinds))
