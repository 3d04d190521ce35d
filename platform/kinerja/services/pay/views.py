"""Looking at pay: the runs of the agencies, one run with its lines, and each person's own breakdown with why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from ...core.errors import InputError, KinerjaError, NotFoundError
from ...store import models as db
from ...store.queries import objects, rows
from ..context import Context, allowed, in_scope, require
from ..evaluation.chaining import ask
from .facts import month_of
from .letter import DECREE, outputs_of
from .lines import CHANGED
from .payroll import lines_of

SETTLED = ("approved", "closed")
SEEN_BY = ("bkpsdm", "administrator", "auditor", "pejabat_penetap")


@dataclass(frozen=True, slots=True)
class RunView:
    """ceiling: {pagu_setahun, perkiraan_setahun, melebihi_pagu}, or {} where the city has set none. letter, decree: ids of
    the printed list and of the decree that grants it, None before approval (decree: also where nobody is paid)."""

    id: int
    case: int
    agency: str
    agency_code: str
    month: date
    state: str
    release: str
    heads: int
    total: Fraction
    payments: Fraction
    corrections: Fraction
    held: int
    ceiling: Mapping[str, Any]
    computed_by: str
    approved_by: str
    closed_by: str
    paid_on: date | None
    sp2d: str
    letter: int | None
    decree: int | None = None


@dataclass(frozen=True, slots=True)
class LineView:
    """kind: payment, correction, held. outputs: "tpp_bulanan.tpp_bruto" → value. changes: (label id, label en, before, after).

    trace: of all decisions, as evaluations keep theirs. old: (run id, line id, month) that a correction mends.
    """

    id: int
    run: int
    ordinal: int
    kind: str
    nip: str
    person: str
    position: str
    month: date
    first: date
    last: date
    rating: str
    basis: str
    amount: Fraction
    outputs: Mapping[str, Any]
    facts: Mapping[str, Any]
    trace: tuple[Mapping[str, Any], ...]
    release: str
    reason_id: str
    reason_en: str
    changes: tuple[tuple[str, str, Any, Any], ...]
    old: tuple[int, int, date] | None
    paid_on: date | None = None
    sp2d: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run beside the last month's: heads, total, and the people whose payment changed much by the rules' measure."""

    heads_before: int
    total_before: Fraction
    large: tuple[tuple[str, Fraction, Fraction], ...]


@dataclass(frozen=True, slots=True)
class RunPage:
    run: RunView
    lines: tuple[LineView, ...]
    before: Comparison | None
    prepared_at: datetime | None
    unrecorded: int = 0
    """People paid of whom the month has no record of attendance at all; counted until the month is closed."""


def runs(context: Context, agency: str = "", limit: int = 200) -> tuple[RunView, ...]:
    """The runs in the actor's reach, the newest month first."""
    require(context, "pay.read")
    query = db.PayRun.select(db.PayRun, db.Unit).join(db.Unit).order_by(db.PayRun.month.desc(), db.Unit.code)
    if agency:
        query = query.where(db.Unit.code == agency)
    found = [run for run in objects(query.limit(limit)) if _reaches(context, run.agency)]
    sums = _sums([run.id for run in found])
    return tuple(_run(run, sums.get(run.id, {})) for run in found)


def run_page(context: Context, run_id: int) -> RunPage:
    run = _found(run_id)
    require(context, "pay.read", unit=run.agency)
    lines = tuple(_line(line, run) for line in lines_of(run))
    unrecorded = 0 if run.state == "closed" else _unrecorded(run)
    return RunPage(_run(run, _sums([run.id]).get(run.id, {})), lines, compare(context, run), run.computed_at, unrecorded)


def _unrecorded(run: Any) -> int:
    month = month_of(run.month)
    paid = {
        person
        for (person,) in rows(db.PayLine.select(db.PayLine.person).where(db.PayLine.run == run.id, db.PayLine.kind == "payment"))
    }
    table = db.Attendance
    seen = rows(
        table.select(table.person).where(table.day.between(month.first, month.last), table.person << (list(paid) or [0])).distinct()
    )
    return len(paid - {person for (person,) in seen})


def find_run(context: Context, agency: str, month: date) -> RunPage:
    """The run of an agency's month; NotFoundError(`pembayaran_tidak_ada`)."""
    run: Any = db.PayRun.select(db.PayRun.id).join(db.Unit).where(db.Unit.code == agency, db.PayRun.month == month).first()
    if run is None:
        raise NotFoundError(
            "pembayaran_tidak_ada",
            f"belum ada pembayaran {agency} {month:%Y-%m}",
            f"there is no pay run of {agency} for {month:%Y-%m}",
            remedy_id=f"jalankan: kinerja pay open {agency} {month:%Y-%m}",
            remedy_en=f"run: kinerja pay open {agency} {month:%Y-%m}",
        )
    return run_page(context, run.id)


def own(context: Context, nip: str = "") -> tuple[LineView, ...]:
    """What a person was paid, the newest month first: one's own, or for those who read pay, anybody's (nip)."""
    nip = nip or context.actor.nip
    if not nip:
        raise InputError("nip_kosong", "akun ini bukan milik seorang pegawai", "this account belongs to no employee")
    query = (
        db.PayLine.select(db.PayLine, db.PayRun, db.Person, db.Unit)
        .join(db.PayRun)
        .join(db.Unit)
        .switch(db.PayLine)
        .join(db.Person)
        .where(db.Person.nip == nip, db.PayRun.state << SETTLED)
        .order_by(db.PayRun.month.desc(), db.PayLine.ordinal)
    )
    found = list(objects(query))
    if nip != context.actor.nip:
        found = [line for line in found if allowed(context, "pay.read", unit=line.run.agency)]
        if not found:
            require(context, "pay.read")
    return tuple(_line(line, line.run) for line in found)


def compare(context: Context, run: Any) -> Comparison | None:
    """Beside the run of the month before; None where there is none."""
    before: Any = (
        db.PayRun.select()
        .where(db.PayRun.agency == run.agency_id, db.PayRun.month < run.month, db.PayRun.state != "open")
        .order_by(db.PayRun.month.desc())
        .first()
    )
    if before is None or not run.release:
        return None
    old, new = _by_person(before.id), _by_person(run.id)
    large = []
    for name in sorted({*old, *new}):
        was, now = old.get(name, Fraction(0)), new.get(name, Fraction(0))
        if was != now and _is_large(context, run, was, now):
            large.append((name, was, now))
    return Comparison(before.heads, before.total, tuple(large))


def _is_large(context: Context, run: Any, was: Fraction, now: Fraction) -> bool:
    asked = {"tpp_lalu": was, "tpp_kini": now}
    try:
        answer = ask(context.city, run.release, "perubahan_tpp", asked, month_of(run.month).last)
    except KinerjaError:  # rules without that decision: every change is shown
        return True
    return bool(answer.outputs["perubahan_tpp.perubahan_besar"])


def _by_person(run: int) -> dict[str, Fraction]:
    """Name and NIP → what the month itself pays."""
    found: dict[str, Fraction] = {}
    query = db.PayLine.select(db.Person.name, db.Person.nip, db.PayLine.amount).join(db.Person)
    for name, nip, amount in rows(query.where(db.PayLine.run == run, db.PayLine.kind != "correction")):
        found[f"{name} ({nip})"] = found.get(f"{name} ({nip})", Fraction(0)) + amount
    return found


def _sums(ids: list[int]) -> dict[int, dict[str, tuple[int, Fraction]]]:
    """Run → kind → (lines, Σ)."""
    found: dict[int, dict[str, tuple[int, Fraction]]] = {}
    lines = db.PayLine.select(db.PayLine.run, db.PayLine.kind, db.PayLine.amount).where(db.PayLine.run << (ids or [0]))
    for run, kind, amount in rows(lines):
        count, total = found.setdefault(run, {}).get(kind, (0, Fraction(0)))
        found[run][kind] = (count + 1, total + amount)
    return found


def _run(run: Any, sums: Mapping[str, tuple[int, Fraction]]) -> RunView:
    nothing = (0, Fraction(0))
    return RunView(
        run.id, run.case_id, run.agency.name, run.agency.code, run.month, run.state, run.release, run.heads, run.total,
        sums.get("payment", nothing)[1], sums.get("correction", nothing)[1], sums.get("held", nothing)[0], run.ceiling,
        run.computed_by, run.approved_by, run.closed_by, run.paid_on, run.sp2d, run.letter_id, _decree(run),
    )  # fmt: skip


def _decree(run: Any) -> int | None:
    if run.letter_id is None:
        return None
    found: Any = db.Letter.get_or_none(db.Letter.case == run.case_id, db.Letter.kind == DECREE)
    return None if found is None else int(found.id)


def _line(line: Any, run: Any) -> LineView:
    changes = tuple((*CHANGED.get(one["name"], (one["name"], one["name"])), one["before"], one["after"]) for one in line.changes)
    old, post = line.old, line.position.title if line.position_id else ""
    return LineView(
        line.id, run.id, line.ordinal, line.kind, line.person.nip, line.person.name, post,
        line.month, line.first, line.last, line.rating, line.basis, line.amount, outputs_of(line), line.facts,
        tuple(entry for step in line.steps for entry in step["trace"]), line.release, line.reason_id, line.reason_en, changes,
        (old.run_id, old.id, old.month) if old is not None else None, run.paid_on, run.sp2d,
    )  # fmt: skip


def _found(run_id: int) -> Any:
    run = db.PayRun.select(db.PayRun, db.Unit).join(db.Unit).where(db.PayRun.id == run_id).first()
    if run is None:
        raise NotFoundError("pembayaran_tidak_ada", "pembayaran ini tidak ada", "there is no such pay run")
    return run


def _reaches(context: Context, agency: Any) -> bool:
    return any(in_scope(context, role, agency) for role in SEEN_BY)
