"""Opening, following and closing evaluation cycles: preview first, plans set up from the standards, never from Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..core.errors import ConflictError, InputError, NotFoundError
from ..core.periods import Period
from ..policy.model import Indicator, shown
from ..process import Machine
from ..store import models as db
from ..store.queries import rows
from .acts import Done, changed, perform
from .context import Context, require
from .flow import place_step
from .planning import Plan, Selection, plan_cases
from .planning import shown as planned
from .views import CyclePreview, CycleStatus, Receipt

PROCESS = "penilaian-kinerja"
APPRAISED = ("PNS", "PPPK", "CPNS")
TEMPLATES = ("tahunan", "semester", "triwulan", "bulanan")


def preview(context: Context, code: str, title: str, period: Period, selection: Selection | None = None) -> CyclePreview:
    """What opening would do, and for whom it would not and why; nothing is changed."""
    require(context, "cycle.open")
    policy = context.city.policy(context.city.release().fingerprint)
    plans = plan_cases(context, policy, period, selection or Selection())
    tree = context.city.units
    views = [planned(plan, tree) for plan in plans]
    return CyclePreview(
        code, title, period.first, period.last,
        ready=tuple(plan for plan in views if not plan.obstacles),
        refused=tuple(plan for plan in views if plan.obstacles),
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
        plans = plan_cases(context, policy, period, selection or Selection())
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


# ── opening ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _open_case(context: Context, cycle: Any, version: Any, definition: Any, plan: Plan, at: datetime) -> None:
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
