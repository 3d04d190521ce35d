"""Opening, following and closing evaluation cycles: preview first, plans set up from the standards, never from Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..core.errors import ConflictError, InputError, NotFoundError, RuleError
from ..core.periods import Period
from ..policy import standard_for
from ..policy.model import Indicator, Policy, Standard, shown
from ..process import Machine
from ..store import models as db
from ..store.queries import Organisation, Seat, UnitTree, rows, seats
from .acts import Done, changed, perform
from .appraisers import Chain, chain_of, without_mutual
from .context import Context, require
from .flow import place_step
from .views import CyclePreview, CycleStatus, PlannedCase, Receipt

PROCESS = "penilaian-kinerja"
APPRAISED = ("PNS", "PPPK", "CPNS")
TEMPLATES = ("tahunan", "semester", "triwulan", "bulanan")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which employees: all, or those of the named agencies and units (codes, with all below), or the named people (NIP)."""

    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    """A case that can be opened: everything opening needs, worked out once."""

    seat: Seat
    position: Any
    period: Period
    standard: Standard | None
    chain: Chain
    obstacles: tuple[tuple[str, str], ...]


def preview(context: Context, code: str, title: str, period: Period, selection: Selection | None = None) -> CyclePreview:
    """What opening would do, and for whom it would not and why; nothing is changed."""
    require(context, "cycle.open")
    policy = context.city.policy(context.city.release().fingerprint)
    plans = _plan(context, policy, period, selection or Selection())
    tree = context.city.units
    people = {seat.person: f"{seat.name}" for plan in plans for seat in (plan.seat,)}
    shown = [_planned(plan, tree, people) for plan in plans]
    return CyclePreview(
        code, title, period.first, period.last,
        ready=tuple(plan for plan in shown if not plan.obstacles),
        refused=tuple(plan for plan in shown if plan.obstacles),
    )  # fmt: skip


def open_cycle(
    context: Context,
    code: str,
    title: str,
    period: Period,
    template: str = "tahunan",
    selection: Selection | None = None,
    key: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Receipt:
    """Open a cycle for the selection: a case with its plan for everyone without an obstacle; the refused are left out and counted.

    receipt.values: {cycle, opened, refused}. Raises ConflictError(`siklus_sudah_ada`), InputError(`siklus_kosong`).
    """
    require(context, "cycle.open")
    if template not in TEMPLATES:
        known = ", ".join(TEMPLATES)
        raise InputError("templat_siklus", f"templat “{template}” tidak dikenal; ada: {known}", f"unknown template; known: {known}")
    city = context.city
    release = city.release()
    policy = city.policy(release.fingerprint)
    version = city.process_version(PROCESS)
    definition = city.definition(version)

    def work() -> Done:
        if db.Cycle.get_or_none(db.Cycle.code == code) is not None:
            raise ConflictError("siklus_sudah_ada", f"siklus {code} sudah ada", f"cycle {code} exists already", cycle=code)
        plans = _plan(context, policy, period, selection or Selection())
        ready = [plan for plan in plans if not plan.obstacles]
        if not ready:
            raise InputError(
                "siklus_kosong",
                f"tidak ada pegawai yang dapat dinilai ({len(plans)} terhalang)",
                f"nobody can be appraised ({len(plans)} refused)",
                remedy_id="lihat pratinjau pembukaan siklus",
                remedy_en="look at the preview of the cycle",
            )
        at = city.clock.now()
        cycle = db.Cycle.create(
            code=code, title=title, template=template, first=period.first, last=period.last,
            release=release.fingerprint, opened_at=at,
        )  # fmt: skip
        for number, plan in enumerate(ready, 1):
            _open_case(context, cycle, version, definition, plan, at)
            if progress:
                progress(number, len(ready))
        values = {"cycle": code, "opened": len(ready), "refused": len(plans) - len(ready)}
        return Done(
            f"cycle:{code}",
            f"Siklus {title} dibuka: {len(ready)} kasus, {len(plans) - len(ready)} terhalang",
            f"Cycle {title} opened: {len(ready)} cases, {len(plans) - len(ready)} refused",
            payload=values | {"release": release.fingerprint, "process": version.version},
            values=values,
        )

    return perform(context, "cycle.open", work, key)


def close_cycle(context: Context, code: str, key: str | None = None) -> Receipt:
    """Close a cycle all of whose cases are closed; ConflictError(`kasus_masih_terbuka`) names how many are not."""
    require(context, "cycle.close")

    def work() -> Done:
        cycle = _cycle(code)
        still = db.Case.select().where(db.Case.cycle == cycle, db.Case.state == "open").count()
        if still:
            raise ConflictError("kasus_masih_terbuka", f"masih ada {still} kasus terbuka", f"{still} cases are open", open=still)
        at = context.city.clock.now()
        update = db.Cycle.update(state="closed", closed_at=at, version=db.Cycle.version + 1)
        met = update.where(db.Cycle.id == cycle.id, db.Cycle.state == "open").execute()
        changed(met, f"siklus {code} sudah ditutup", f"cycle {code} is closed already")
        return Done(f"cycle:{code}", f"Siklus {cycle.title} ditutup", f"Cycle {cycle.title} closed")

    return perform(context, "cycle.close", work, key)


def status(context: Context, code: str) -> CycleStatus:
    require(context, "overview.read")
    cycle = _cycle(code)
    cases = list(rows(db.Case.select(db.Case.stage, db.Case.rating).where(db.Case.cycle == cycle)))
    now = context.city.clock.now()
    in_cycle = db.Case.cycle == cycle
    late = db.Task.select().join(db.Case).where(in_cycle, db.Task.state == "ready", db.Task.due < now).count()
    incidents = db.Incident.select().join(db.Case).where(in_cycle, db.Incident.state == "open").count()
    stages = Counter(stage for stage, _ in cases)
    return CycleStatus(
        code, cycle.title, cycle.state, cycle.first, cycle.last, len(cases),
        by_stage={stage: stages[stage] for stage in db.STAGES if stages[stage]},
        by_rating=dict(sorted(Counter(rating for _, rating in cases if rating).items())),
        overdue=late, incidents=incidents,
    )  # fmt: skip


def list_cycles(context: Context) -> tuple[CycleStatus, ...]:
    require(context, "overview.read")
    return tuple(status(context, cycle.code) for cycle in db.Cycle.select(db.Cycle.code).order_by(db.Cycle.first, db.Cycle.code))


# ── planning ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _plan(context: Context, policy: Policy, period: Period, selection: Selection) -> list[_Plan]:
    day = min(context.city.today(), period.last)
    day = max(day, period.first)
    organisation = context.city.organisation(day)
    chosen = _seats(organisation.tree, period, selection)
    places = {seat.person: (seat.unit, day) for seat in chosen}
    chains = {person: chain_of(organisation, person, unit, on) for person, (unit, on) in places.items()}
    chains = without_mutual(organisation, places, chains)
    positions = {row.id: row for row in db.Position.select()}
    return [_planned_case(organisation, policy, seat, positions[seat.position], period, chains[seat.person]) for seat in chosen]


def _seats(tree: UnitTree, period: Period, selection: Selection) -> list[Seat]:
    """One definitive seat a person: the one held on the last day of the period. People move; splitting periods is another act."""
    conditions = [db.Person.status.in_(APPRAISED), db.Person.active == True, db.Assignment.kind == "definitif"]  # noqa: E712
    if selection.people:
        conditions.append(db.Person.nip.in_(selection.people))
    allowed = tree.below(selection.units) if selection.units else None
    found: dict[int, Seat] = {}
    for seat in seats(*conditions):
        if seat.holds(period.last) and (allowed is None or seat.unit in allowed):
            found[seat.person] = seat
    return sorted(found.values(), key=lambda seat: (tree.nodes[seat.unit].code, seat.nip))


def _planned_case(organisation: Organisation, policy: Policy, seat: Seat, position: Any, period: Period, chain: Chain) -> _Plan:
    obstacles = [chain.obstacle] if chain.obstacle else []
    own = Period(max(period.first, seat.first), period.last)
    standard: Standard | None = None
    try:
        standard = standard_for(
            policy, position.code, _place(organisation.tree, policy, seat.unit), position.job_class, period.last
        )
    except RuleError as error:
        obstacles.append((f"{error.text_id} → {error.remedy_id}", f"{error.text_en} → {error.remedy_en}"))
    return _Plan(seat, position, own, standard, chain, tuple(obstacles))


def _place(tree: UnitTree, policy: Policy, unit: int) -> str:
    """The unit code by which standards may know the place: the nearest from here upwards that any of them names; else its own."""
    named = {code for standard in policy.standards for code in standard.units}
    chain = tree.chain(unit)
    return next((node.code for node in chain if node.code in named), chain[0].code)


def _planned(plan: _Plan, tree: UnitTree, people: dict[int, str]) -> PlannedCase:
    chain = plan.chain
    return PlannedCase(
        plan.seat.nip, plan.seat.name, plan.seat.title, tree.nodes[plan.seat.unit].name, plan.period.first, plan.period.last,
        plan.standard.name if plan.standard else "",
        chain.appraiser.seat.name if chain.appraiser else "", chain.superior.seat.name if chain.superior else "",
        chain.note, plan.obstacles,
    )  # fmt: skip


# ── opening ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _open_case(context: Context, cycle: Any, version: Any, definition: Any, plan: _Plan, at: datetime) -> None:
    assert plan.standard is not None
    assert plan.chain.appraiser is not None
    assert plan.chain.superior is not None
    case = db.Case.create(
        cycle=cycle, person=plan.seat.person, position=plan.position, unit=plan.seat.unit,
        agency=context.city.units.agency(plan.seat.unit).id, first=plan.period.first, last=plan.period.last,
        appraiser=plan.chain.appraiser.seat.person, superior=plan.chain.superior.seat.person, chain_note=plan.chain.note,
        process=version, opened_at=at,
    )  # fmt: skip
    items = [_item(case.id, number, plan.standard.name, item) for number, item in enumerate(plan.standard.indicators, 1)]
    db.PlanItem.insert_many(items).execute()
    team = any(item.source == "tim_evaluasi" for item in plan.standard.indicators)
    step = Machine(definition, _no_operation, context.city.clock, context.city.calendar).start({"perlu_penilaian_mutu": team})
    place_step(context, case, definition, step, at)


def _item(case: int, ordinal: int, standard: str, item: Indicator) -> dict[str, Any]:
    return {
        "case": case, "ordinal": ordinal, "code": item.code, "label_id": item.label.id, "label_en": item.label.en,
        "polarity": item.polarity, "target": item.target, "target_high": item.target_high, "weight": item.weight, "unit": item.unit,
        "source": item.source, "statistic": item.statistic, "service": item.service, "standard": standard,
        "place": str(shown(item.place)),
    }  # fmt: skip


def _no_operation(name: str, data: dict[str, Any]) -> dict[str, Any]:
    raise InputError(
        "operasi_sebelum_tugas",
        f"proses memanggil operasi “{name}” sebelum ada tugas manusia",
        f'the process calls operation "{name}" before any human task',
        remedy_id="mulai proses dengan tugas manusia",
        remedy_en="begin the process with a human task",
    )


def _cycle(code: str) -> Any:
    cycle = db.Cycle.get_or_none(db.Cycle.code == code)
    if cycle is None:
        raise NotFoundError("siklus_tidak_ada", f"siklus {code} tidak ada", f"no cycle {code}")
    return cycle


def periods_of(year: int, template: str) -> Iterable[Period]:
    """The periods of a year by template: tahunan 1, semester 2, triwulan 4, bulanan 12."""
    months = {"tahunan": 12, "semester": 6, "triwulan": 3, "bulanan": 1}[template]
    for first in range(1, 13, months):
        following = date(year + (first + months > 12), (first + months - 1) % 12 + 1, 1)
        yield Period(date(year, first, 1), date.fromordinal(following.toordinal() - 1))
