"""Paying an agency's month: opened, computed by the rules, checked, approved by another, closed. A closed month never changes.

The steps are those of `workflows/pembayaran-tpp`; this module is what its service tasks do, and how a run is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ...core.errors import ConflictError, IncidentError, InputError, NotFoundError
from ...core.periods import Period
from ...store import models as db
from ...store.queries import objects, rows
from ..acts import Done, changed, perform
from ..context import Context, require
from ..evaluation.chaining import ask
from ..evaluation.decide import storable
from ..starting import Subject, find_case, start_case
from ..views import Receipt
from . import budgets
from .facts import month_of, month_words
from .lines import PARTS, PAYMENT, Line, corrections, payments

PROCESS = "pembayaran-tpp"
CEILING = "serapan_pagu"
_MONTH = re.compile(r"(\d{4})-(\d{2})\Z", re.ASCII)


def parse_month(text: str) -> Period:
    """ "2026-06" → the days of that month; InputError(`bulan_tidak_sah`)."""
    found = _MONTH.match(text)
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 2000:
        raise InputError(
            "bulan_tidak_sah",
            f"“{text[:20]}” bukan bulan",
            f'"{text[:20]}" is not a month',
            remedy_id="tulis TTTT-BB, misalnya 2026-06",
            remedy_en="write YYYY-MM, for example 2026-06",
        )
    return month_of(date(int(found[1]), int(found[2]), 1))


def open_run(context: Context, agency: str, month: str, key: str | None = None) -> Receipt:
    """Open the pay run of an agency (code) for a month: values {run, case, new}. The same again brings the run that is there.

    Raises ConflictError(`bulan_belum_mulai`, `bulan_sesudahnya_ditutup`), NotFoundError(`perangkat_daerah_tidak_ada`).
    """
    period = parse_month(month)

    def work() -> Done:
        unit = _agency(agency)
        require(context, "pay.open", unit=unit)
        subject = f"pembayaran:{agency}:{month}"
        known = find_case(subject)
        if known is None:
            _in_order(context, unit, period)
        name = f"Pembayaran TPP {unit.short_name or unit.name} {month_words(period.first)}"
        case = known or start_case(context, PROCESS, Subject(subject, name, period.first, period.last, unit=unit.id))
        run = db.PayRun.get_or_none(db.PayRun.case == case.id)
        if run is None:
            run = db.PayRun.create(case=case.id, agency=unit.id, month=period.first)
        values = {"run": run.id, "case": case.id, "new": known is None}
        return Done(
            f"case:{case.id}",
            f"{name}: " + ("sudah dibuka" if known else "dibuka"),
            f"{name}: " + ("open already" if known else "opened"),
            payload=values | {"subject": subject},
            values=values,
        )

    return perform(context, "pay.open", work, key)


def compute(context: Context, case: Any) -> dict[str, Any]:
    """The `compute_pay` operation: write the run's lines anew by the release in force; answers {jumlah_tpp, jumlah_penerima}."""
    run = run_of(case)
    _in_state(run, "open", "computed")
    release = context.city.release()
    month = month_of(run.month)
    lines = payments(context, release.fingerprint, run.agency_id, month)
    lines += corrections(context, release.fingerprint, run.agency_id, month)
    check_parts(lines)
    db.PayLine.delete().where(db.PayLine.run == run.id).execute()
    found = [_row(run.id, number, line, release.fingerprint) for number, line in enumerate(lines, 1)]
    for start in range(0, len(found), 200):
        db.PayLine.insert_many(found[start : start + 200]).execute()
    total = sum((line.amount for line in lines), Fraction(0))
    heads = len({line.person for line in lines if line.kind == "payment"})
    update = db.PayRun.update(
        state="computed", release=release.fingerprint, heads=heads, total=total, computed_by=context.actor.id,
        computed_at=context.city.clock.now(), ceiling=_ceiling(context, release.fingerprint, run, lines),
        version=db.PayRun.version + 1,
    )  # fmt: skip
    _moved(update, run, "open", "computed")
    return {"jumlah_tpp": total, "jumlah_penerima": Fraction(heads)}


def approve(context: Context, case: Any) -> tuple[Any, list[Any]]:
    """Set the computed run as approved by the actor: (run, its lines), for the list that is written now. Sums are held again."""
    run = run_of(case)
    lines = lines_of(run)
    check_total(run, lines)
    update = db.PayRun.update(
        state="approved", approved_by=context.actor.id, approved_at=context.city.clock.now(), version=db.PayRun.version + 1
    )
    _moved(update, run, "computed")
    return run, lines


def close(context: Context, case: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """The `close_pay` operation: record pay date and disbursement order (data: tanggal_bayar, nomor_sp2d); the month is closed."""
    run = run_of(case)
    check_total(run, lines_of(run))
    paid_on = data["tanggal_bayar"]
    if paid_on < run.month:
        raise ConflictError(  # said to whoever closes; an incident would keep the wrong date for ever
            "tanggal_bayar_terlalu_awal",
            f"tanggal bayar {paid_on} mendahului bulan yang dibayar",
            f"the pay date {paid_on} lies before the month paid",
            remedy_id="periksa tanggal pada SP2D",
            remedy_en="check the date of the disbursement order",
        )
    update = db.PayRun.update(
        state="closed", paid_on=paid_on, sp2d=data["nomor_sp2d"], closed_by=context.actor.id, closed_at=context.city.clock.now(),
        version=db.PayRun.version + 1,
    )  # fmt: skip
    _moved(update, run, "approved")
    return {}


@dataclass(frozen=True, slots=True)
class Arrear:
    """What a month paid one person too little (or, negative, too much) by other rules."""

    nip: str
    person: str
    month: date
    amount: Fraction
    reason_id: str
    reason_en: str


def arrears(context: Context, fingerprint: str, agency: str, month: str, since: date | None = None) -> tuple[Arrear, ...]:
    """What the run of a month would correct under a stored release, published or not. Changes nothing.

    `effects.of_release` lists the decisions that the release touches; this is the money of months already closed.
    """
    unit = _agency(agency)
    require(context, "pay.read", unit=unit)
    lines = corrections(context, fingerprint, unit.id, parse_month(month), since)
    people = {row.id: row for row in objects(db.Person.select().where(db.Person.id << [line.person for line in lines]))}
    return tuple(Arrear(people[line.person].nip, people[line.person].name, line.month, line.amount, *line.reason) for line in lines)


# ── held together ─────────────────────────────────────────────────────────────────────────────────────────────────────
def check_parts(lines: Iterable[Line]) -> None:
    """Raise IncidentError(`bagian_tidak_berjumlah`) unless the parts of each payment sum to its amount."""
    for line in lines:
        if line.kind != "payment":
            continue
        outputs = next(step["outputs"] for step in line.steps if step["decision"] == PAYMENT)
        if sum((Fraction(outputs[part]) for part in PARTS), Fraction(0)) != line.amount:
            raise _unequal(line.person)


def check_total(run: Any, lines: Iterable[Any]) -> None:
    """Raise IncidentError(`bagian_tidak_berjumlah`) unless the lines sum to the run's total."""
    if sum((line.amount for line in lines), Fraction(0)) != run.total:
        raise _unequal(run.id)


def _unequal(which: int) -> IncidentError:
    return IncidentError(
        "bagian_tidak_berjumlah",
        f"bagian-bagian ({which}) tidak berjumlah sama dengan totalnya; tidak ada yang dibayar",
        f"the parts ({which}) do not sum to the total; nothing is paid",
        remedy_id="hitung ulang daftar bulan ini",
        remedy_en="compute the month's list again",
    )


def run_of(case: Any) -> Any:
    run = db.PayRun.get_or_none(db.PayRun.case == case.id)
    if run is None:
        raise NotFoundError("pembayaran_tidak_ada", "kasus ini bukan pembayaran", "this case is no pay run")
    return run


def lines_of(run: Any) -> list[Any]:
    query = db.PayLine.select(db.PayLine, db.Person).join(db.Person).where(db.PayLine.run == run.id)
    return list(objects(query.order_by(db.PayLine.ordinal)))


def _row(run: int, ordinal: int, line: Line, release: str) -> dict[str, Any]:
    return {
        "run": run, "ordinal": ordinal, "kind": line.kind, "person": line.person, "position": line.position, "month": line.month,
        "first": line.period.first, "last": line.period.last, "rating": line.rating, "basis": line.basis, "amount": line.amount,
        "facts": storable(dict(line.facts)), "steps": storable(list(line.steps)), "release": release, "reason_id": line.reason[0],
        "reason_en": line.reason[1], "changes": storable(list(line.changes)), "old": line.old,
    }  # fmt: skip


def _ceiling(context: Context, fingerprint: str, run: Any, lines: Iterable[Line]) -> dict[str, Any]:
    """The agency's budget of the year beside what the rules forecast; {} where the city has set none.

    What the month itself pays comes again each month, what it corrects of earlier ones does not.
    """
    city, code = context.city, run.agency.code
    ceiling = budgets.of_city(city, run.month.year).by_unit.get(code)
    if ceiling is None:
        return {}
    paid = db.PayRun.select(db.PayRun.total).where(
        db.PayRun.agency == run.agency_id, db.PayRun.state << ("approved", "closed"),
        db.PayRun.month >= date(run.month.year, 1, 1), db.PayRun.month < run.month,
    )  # fmt: skip
    amounts = {"payment": Fraction(0), "correction": Fraction(0), "held": Fraction(0)}
    for line in lines:
        amounts[line.kind] += line.amount
    facts = {
        "pagu_setahun": Fraction(ceiling),
        "sudah_dibayar": sum((amount for (amount,) in rows(paid)), Fraction(0)) + amounts["correction"],
        "jumlah_kini": amounts["payment"], "bulan_tersisa": 13 - run.month.month,
    }  # fmt: skip
    answer = ask(city, fingerprint, CEILING, facts, month_of(run.month).last)
    return {"pagu_setahun": Fraction(ceiling), **dict(storable(dict(answer.steps[-1]["outputs"])))}


def _agency(code: str) -> Any:
    unit = db.Unit.get_or_none(db.Unit.code == code)
    if unit is None or unit.kind != "agency":
        raise NotFoundError(
            "perangkat_daerah_tidak_ada", f"tidak ada perangkat daerah berkode {code}", f"there is no agency with the code {code}"
        )
    return unit


def _in_order(context: Context, unit: Any, month: Period) -> None:
    """A month is paid once it has begun, and not behind a later one that is closed, whose corrections would have missed it."""
    if month.first > context.city.today():
        raise ConflictError("bulan_belum_mulai", "bulan itu belum mulai", "that month has not begun")
    later = db.PayRun.select().where(db.PayRun.agency == unit.id, db.PayRun.month > month.first, db.PayRun.state == "closed")
    if later.exists():
        raise ConflictError(
            "bulan_sesudahnya_ditutup",
            "bulan sesudahnya sudah ditutup",
            "a later month is closed already",
            remedy_id="bayar lewat pembetulan pada bulan berikutnya",
            remedy_en="pay by a correction in the next month",
        )


def _in_state(run: Any, *states: str) -> None:
    if run.state not in states:
        raise ConflictError(
            "pembayaran_terkunci", "daftar ini sudah disetujui dan tidak berubah lagi", "this list is approved and does not change",
            state=run.state,
        )  # fmt: skip


def _moved(update: Any, run: Any, *states: str) -> None:
    met = update.where(db.PayRun.id == run.id, db.PayRun.version == run.version, db.PayRun.state << states).execute()
    changed(met, "daftar pembayaran ini baru saja diubah", "this pay run has just been changed", run=run.id)
    run.version += 1
