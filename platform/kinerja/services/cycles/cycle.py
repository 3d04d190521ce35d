"""Opening, following and closing evaluation cycles: preview first, plans set up from the standards, never from Python."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...core.errors import ConflictError, InputError, NotFoundError
from ...core.periods import Period
from ...store import models as db
from ...store.queries import rows
from ..acts import Done, changed, perform
from ..batches import Progress, enter, of_cycle, run, running
from ..context import Context, require, require_units
from ..evaluation.small import may_show
from ..staff.people import own_record, person_by_nip, unit_by_code
from ..views import CyclePreview, CycleStatus, Receipt
from .closing import refuse_while_open
from .opening import OPENING, items_of
from .planning import Selection, plan_cases
from .planning import shown as planned
from .templates import MONTHS_OF
from .undated import undated

PROCESS = "penilaian-kinerja"
TEMPLATES = tuple(MONTHS_OF)


def preview(context: Context, code: str, title: str, period: Period, selection: Selection | None = None) -> CyclePreview:
    """What opening would do, and for whom it would not and why; nothing is changed."""
    _may_open(context, selection)
    policy = context.city.policy(context.city.release().fingerprint)
    plans = plan_cases(context, policy, period, selection or Selection())
    tree = context.city.units
    calendar = context.city.calendar
    years = {*range(period.first.year, period.last.year + 2)}
    unknown = sorted(years - (calendar.years if calendar else set()))
    unsure = sorted(years.intersection(calendar.estimated if calendar else ()))
    views = [planned(plan, tree) for plan in plans]
    return CyclePreview(
        code, title, period.first, period.last,
        ready=tuple(plan for plan in views if not plan.obstacles),
        refused=tuple(plan for plan in views if plan.obstacles), years_without_calendar=tuple(unknown),
        years_estimated=tuple(unsure),
    )  # fmt: skip


def begin(
    context: Context,
    code: str,
    title: str,
    period: Period,
    template: str = "tahunan",
    selection: Selection | None = None,
    key: str | None = None,
) -> Receipt:
    """Fix who gets a case in a new cycle, as a job that `batches.run` carries out. values: {cycle, job, cases, refused}.

    The job stays on the rules and the process of this moment. Raises ConflictError(`siklus_sudah_ada`),
    InputError(`siklus_kosong`).
    """
    _may_open(context, selection)
    chosen = selection or Selection()
    _known(template)
    city = context.city
    release = city.release()
    policy = city.policy(release.fingerprint)
    version = city.process_version(PROCESS)

    def work() -> Done:
        if db.Cycle.get_or_none(db.Cycle.code == code) is not None:
            raise ConflictError("siklus_sudah_ada", f"siklus {code} sudah ada", f"cycle {code} exists already", cycle=code)
        plans = plan_cases(context, policy, period, chosen)
        items = items_of(context, policy, plans)
        ready = sum(item.refused is None for item in items)
        if not ready:
            raise InputError(
                "siklus_kosong",
                f"tidak ada pegawai yang dapat dinilai ({len(plans)} terhalang)",
                f"nobody can be appraised ({len(plans)} refused)",
                remedy_id="lihat pratinjau pembukaan siklus",
                remedy_en="look at the preview of the cycle",
            )
        db.Cycle.create(
            code=code, title=title, template=template, first=period.first, last=period.last, state="opening",
            release=release.fingerprint, opened_at=city.clock.now(),
        )  # fmt: skip
        parameters = _parameters(code, title, period, template, chosen) | {"process": version.id}
        job = enter(context, OPENING.name, f"cycle:{code}", f"Buka siklus {title}", parameters, items, release.fingerprint)
        values = {"cycle": code, "job": job.id, "cases": ready, "refused": len(items) - ready}
        return Done(
            f"cycle:{code}",
            f"Siklus {title} mulai dibuka: {ready} kasus, {len(items) - ready} terhalang",
            f"Opening of cycle {title} begun: {ready} cases, {len(items) - ready} refused",
            payload=values | {"release": release.fingerprint, "process": version.version},
            values=values,
        )

    return perform(context, "cycle.open", work, key)


def open_cycle(
    context: Context,
    code: str,
    title: str,
    period: Period,
    template: str = "tahunan",
    selection: Selection | None = None,
    key: str | None = None,
    progress: Progress | None = None,
) -> Receipt:
    """Open a cycle for the selection: a case with its plan for everyone without an obstacle; the refused are left out and counted.

    An opening that was cut off goes on where it ended when the same call comes again. receipt.values: {cycle, opened, refused}.
    Raises what `begin` raises, ConflictError(`pembukaan_lain`) when a cut-off opening of this code was for something else.
    """
    _may_open(context, selection)
    job = running(OPENING.name, f"cycle:{code}")
    if job is None:
        begun = begin(context, code, title, period, template, selection, key)
        number = int(begun.values["job"])
    else:
        asked = _parameters(code, title, period, template, selection or Selection())
        if {name: job.parameters[name] for name in asked} != asked:
            raise ConflictError(
                "pembukaan_lain",
                f"siklus {code} sedang dibuka dengan pilihan lain",
                f"cycle {code} is being opened with another selection",
                remedy_id=f"lanjutkan dengan: kinerja jobs resume {job.id}",
                remedy_en=f"go on with it: kinerja jobs resume {job.id}",
                job=job.id,
            )
        number = job.id
    receipt = run(context, OPENING, number, progress)
    assert receipt is not None, "without a limit of batches a job runs to its end"
    return receipt


def _may_open(context: Context, selection: Selection | None) -> None:
    """A cycle is opened by who may open one in each place chosen; for everybody by who may in the whole city."""
    require(context, "cycle.open")
    chosen = selection or Selection()
    people = [] if chosen.units else [own_record(person_by_nip(nip)).unit for nip in chosen.people]
    require_units(context, "cycle.open", [*map(unit_by_code, chosen.units), *people])


def _units_of(cycle: Any) -> list[Any]:
    return list(db.Unit.select().where(db.Unit.id << db.Case.select(db.Case.unit).where(db.Case.cycle == cycle.id)))


def _parameters(code: str, title: str, period: Period, template: str, chosen: Selection) -> dict[str, Any]:
    """What an opening was asked for, as it is kept with its job."""
    return {
        "cycle": code, "title": title, "first": period.first.isoformat(), "last": period.last.isoformat(), "template": template,
        "units": list(chosen.units), "people": list(chosen.people),
    }  # fmt: skip


def _known(template: str) -> None:
    if template not in TEMPLATES:
        known = ", ".join(TEMPLATES)
        raise InputError("templat_siklus", f"templat “{template}” tidak dikenal; ada: {known}", f"unknown template; known: {known}")


def undo_open(context: Context, code: str, key: str | None = None) -> Receipt:
    """Take back the opening of a cycle while nobody has touched it: cases, plans and tasks go, and the code is free again.

    values: {cycle, cases}. Raises ConflictError(`siklus_sudah_dikerjakan`) that says what was done and how often.
    """
    require(context, "cycle.open")

    def work() -> Done:
        cycle = _cycle(code)
        require_units(context, "cycle.open", _units_of(cycle))
        touched = _touched(cycle)
        if touched:
            what = ", ".join(f"{count} {name}" for name, count in touched.items())
            raise ConflictError(
                "siklus_sudah_dikerjakan",
                f"siklus {code} sudah dikerjakan ({what}); pembukaannya tidak dapat dibatalkan",
                f"cycle {code} has been worked on ({what}); its opening cannot be taken back",
                remedy_id="selesaikan kasusnya, atau tangguhkan dengan alasan",
                remedy_en="finish its cases, or let them stand still with a reason",
                touched=touched,
            )
        mine = db.Case.select(db.Case.id).where(db.Case.cycle == cycle.id)
        db.Task.delete().where(db.Task.case << mine).execute()
        db.PlanItem.delete().where(db.PlanItem.case << mine).execute()
        count = db.Case.delete().where(db.Case.cycle == cycle.id).execute()
        db.Cycle.delete().where(db.Cycle.id == cycle.id).execute()
        db.Job.update(state="undone", slot=None).where(of_cycle(code)).execute()
        return Done(
            f"cycle:{code}",
            f"Pembukaan siklus {cycle.title} dibatalkan: {count} kasus",
            f"Opening of cycle {cycle.title} taken back: {count} cases",
            payload={"cases": count},
            values={"cycle": code, "cases": count},
        )

    return perform(context, "cycle.undo", work, key)


def _touched(cycle: Any) -> dict[str, int]:
    """What refers to the cases of a cycle beyond what opening made: table → rows. Tables that come later count as well."""
    mine = db.Case.select(db.Case.id).where(db.Case.cycle == cycle.id)
    counts: dict[str, int] = {}
    for column, model in db.Case._meta.backrefs.items():
        query = model.select().where(column << mine)
        if model is db.Task:
            query = query.where(db.Task.state << ("done", "held"))
        counts[model._meta.table_name] = 0 if model is db.PlanItem else query.count()
    items = db.PlanItem.select(db.PlanItem.id).where(db.PlanItem.case << mine)
    for column, model in db.PlanItem._meta.backrefs.items():
        counts[model._meta.table_name] = model.select().where(column << items).count()
    return {name: count for name, count in counts.items() if count}


def close_cycle(context: Context, code: str, key: str | None = None) -> Receipt:
    """Close a cycle all of whose cases are closed; ConflictError(`kasus_masih_terbuka`) says what is left open."""
    require(context, "cycle.close")

    def work() -> Done:
        cycle = _cycle(code)
        require_units(context, "cycle.close", _units_of(cycle))
        refuse_while_open(cycle)
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
    waiting = undated(context, code)
    rated = Counter(rating for _, rating in cases if rating)
    return CycleStatus(
        code, cycle.title, cycle.state, cycle.first, cycle.last, len(cases),
        by_stage={stage: stages[stage] for stage in db.STAGES if stages[stage]},
        by_rating=dict(sorted(rated.items())) if may_show(context, rated.total(), cycle.last) else {},
        overdue=late, incidents=incidents, undated=waiting.years, calendars=waiting.files,
    )  # fmt: skip


def list_cycles(context: Context) -> tuple[CycleStatus, ...]:
    require(context, "overview.read")
    return tuple(status(context, cycle.code) for cycle in db.Cycle.select(db.Cycle.code).order_by(db.Cycle.first, db.Cycle.code))


def _cycle(code: str) -> Any:
    cycle = db.Cycle.get_or_none(db.Cycle.code == code)
    if cycle is None:
        raise NotFoundError("siklus_tidak_ada", f"siklus {code} tidak ada", f"no cycle {code}")
    return cycle
