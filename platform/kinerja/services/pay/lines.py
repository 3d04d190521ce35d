"""The lines of a pay run: what the month pays each person, and what earlier months, now known better, paid wrongly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from ...core.errors import BusyError, IncidentError, KinerjaError
from ...core.exactjson import dumps, loads
from ...core.periods import Period
from ...store import models as db
from ...store.queries import objects
from ..context import Context
from ..evaluation.chaining import Answer, ask
from .facts import RATED, Entitlement, Rated, entitled, month_of, month_words, months_between

PAYMENT, CORRECTION = "pembayaran_tpp", "pembetulan_tpp"
PAID = f"{PAYMENT}.tpp_dibayar"
PARTS = ("tpp_pokok", "tpp_plt")
REACH = "bulan_pembetulan_tpp"

CHANGED: Mapping[str, tuple[str, str]] = {
    RATED: ("predikat", "the rating"),
    "kasus.menit_terlambat": ("presensi (terlambat)", "attendance (late)"),
    "kasus.hari_absen": ("presensi (hari absen)", "attendance (days absent)"),
    "kasus.kelas_jabatan": ("kelas jabatan", "the job class"),
    "kepegawaian.kelompok": ("kelompok pegawai", "the employee group"),
    "hari_dijabat": ("hari dalam jabatan", "days in the post"),
    "hari_plt": ("hari sebagai Plt.", "days as acting holder"),
    "aturan": ("aturan yang berlaku surut", "rules in force for that month"),
}
"""Fact → what a correction says has changed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a run would write; see store.pay.PayLine. old: id of the line that was paid for that month."""

    kind: str
    person: int
    position: int | None
    month: date
    period: Period
    amount: Fraction
    facts: Mapping[str, Any]
    steps: tuple[Mapping[str, Any], ...] = ()
    rating: str = ""
    basis: str = ""
    reason: tuple[str, str] = ("", "")
    changes: tuple[Mapping[str, Any], ...] = field(default=())
    old: int | None = None


def payments(context: Context, fingerprint: str, agency: int, month: Period) -> list[Line]:
    """A payment for each person and post; where the rules cannot answer, a held line of nothing that says why."""
    return [_payment(context, fingerprint, one, month) for one in entitled(context, agency, month)]


def _payment(context: Context, fingerprint: str, one: Entitlement, month: Period) -> Line:
    rating, basis = (one.rated.rating, one.rated.basis) if one.rated else ("", "")
    held = _without_rating(one)
    answer = None if held else _asked(context, fingerprint, one.facts, month.last)
    if isinstance(answer, Answer):
        return Line(
            "payment",
            one.person,
            one.position,
            month.first,
            one.period,
            answer.outputs[PAID],
            one.facts,
            answer.steps,
            rating,
            basis,
        )
    reason = held or ((answer.line("id"), answer.line("en")) if answer else ("", ""))
    return Line("held", one.person, one.position, month.first, one.period, Fraction(0), one.facts, (), rating, basis, reason)


def _without_rating(one: Entitlement) -> tuple[str, str] | None:
    return None if one.rated else ("belum ada predikat yang berlaku", "no rating is in force yet")


def _asked(context: Context, fingerprint: str, facts: Mapping[str, Any], on: date) -> Answer | KinerjaError:
    try:
        return ask(context.city, fingerprint, PAYMENT, facts, on)
    except (IncidentError, BusyError):  # the machine failed: no line may pretend to know
        raise
    except KinerjaError as error:
        return error


# ── what earlier months should have been ──────────────────────────────────────────────────────────────────────────────
def corrections(context: Context, fingerprint: str, agency: int, month: Period, since: date | None = None) -> list[Line]:
    """One line a person and closed month whose facts or rules are known otherwise now: what was due, less all that was paid.

    The rules say how far back; since narrows it further. Nothing is written.
    """
    found: list[Line] = []
    for earlier in _closed_months(context, fingerprint, agency, month):
        if since is None or earlier.last >= since:
            found += _month_again(context, fingerprint, agency, earlier, month)
    return found


def _closed_months(context: Context, fingerprint: str, agency: int, month: Period) -> list[Period]:
    reach = context.city.policy(fingerprint).parameters[REACH].on(month.last)
    runs = db.PayRun.select().where(db.PayRun.agency == agency, db.PayRun.state == "closed", db.PayRun.month < month.first)
    months = [month_of(run.month) for run in objects(runs.order_by(db.PayRun.month))]
    return [one for one in months if reach is not None and months_between(one.first, month.first) <= reach.value]


def _month_again(context: Context, fingerprint: str, agency: int, earlier: Period, month: Period) -> list[Line]:
    paid = _paid(agency, earlier, month)
    now: dict[int, list[Entitlement]] = {}
    for one in entitled(context, agency, earlier):
        now.setdefault(one.person, []).append(one)
    found = []
    for person in dict.fromkeys((*now, *paid)):
        line = _difference(context, fingerprint, now.get(person, []), paid.get(person, []), earlier, month)
        if line is not None:
            found.append(line)
    return found


def _paid(agency: int, earlier: Period, month: Period) -> dict[int, list[Any]]:
    """Person → the lines of that month in the runs before this one, the oldest first."""
    query = (
        db.PayLine.select(db.PayLine, db.PayRun)
        .join(db.PayRun)
        .where(
            db.PayRun.agency == agency, db.PayRun.state << ("approved", "closed"), db.PayRun.month < month.first,
            db.PayLine.month == earlier.first,
        )
        .order_by(db.PayRun.month, db.PayLine.ordinal)
    )  # fmt: skip
    found: dict[int, list[Any]] = {}
    for line in objects(query):
        found.setdefault(line.person_id, []).append(line)
    return found


def _difference(
    context: Context, fingerprint: str, now: list[Entitlement], paid: list[Any], earlier: Period, month: Period
) -> Line | None:
    known = _known(paid)
    facts = [stored(one.facts) for one in now]
    release = paid[-1].release if paid else fingerprint
    if facts == known and release == fingerprint:
        return None
    due, steps = Fraction(0), []
    for one in now:
        answer = None if one.rated is None else _asked(context, fingerprint, one.facts, earlier.last)
        if not isinstance(answer, Answer):
            return None  # what the rules cannot say takes nothing back
        due += answer.outputs[PAID]
        steps += list(answer.steps)
    before = sum((line.amount for line in paid), Fraction(0))
    asked = {"tpp_dibayar": before, "tpp_seharusnya": due, "bulan_lewat": months_between(earlier.first, month.first)}
    answer = ask(context.city, fingerprint, CORRECTION, asked | {PAID: due}, month.last)
    amount = answer.outputs[f"{CORRECTION}.pembetulan"]
    if not amount:
        return None
    changes = _changes(known, facts, release, fingerprint)
    last = now[-1] if now else None
    rated = last.rated if last else None
    return Line(
        "correction", last.person if last else paid[-1].person_id, last.position if last else paid[-1].position_id, earlier.first,
        last.period if last else Period(paid[-1].first, paid[-1].last), amount,
        {"bagian": facts, **stored(asked)}, (*steps, *answer.steps), rated.rating if rated else "", rated.basis if rated else "",
        _reason(changes, rated, earlier), tuple(changes), paid[0].id if paid else None,
    )  # fmt: skip


def _known(paid: list[Any]) -> list[Any]:
    """The facts that the last word on a month rested on."""
    corrected = [line for line in paid if line.kind == "correction"]
    return corrected[-1].facts["bagian"] if corrected else [line.facts for line in paid]


def stored(facts: Mapping[str, Any]) -> Any:
    """Facts as they read back from the store."""
    return loads(dumps(dict(facts)))


def _changes(known: list[Any], facts: list[Any], release: str, fingerprint: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if not known or not facts:  # not paid at all, or not in office at all: the days say it, the rest follows
        before, after = (sum(part["hari_dijabat"] for part in parts) for parts in (known, facts))
        return [{"name": "hari_dijabat", "before": before, "after": after}]
    for name in CHANGED:
        before, after = [part.get(name) for part in known], [part.get(name) for part in facts]
        if before != after:
            found.append({"name": name, "before": _one(before), "after": _one(after)})
    if release != fingerprint:
        found.append({"name": "aturan", "before": release[:12], "after": fingerprint[:12]})
    return found


def _one(values: list[Any]) -> Any:
    """The value of the one part there is; a list where the month has several."""
    return values[0] if len(values) == 1 else values


def _reason(changes: Iterable[Mapping[str, Any]], rated: Rated | None, earlier: Period) -> tuple[str, str]:
    names = [change["name"] for change in changes]
    words = [CHANGED[name] for name in names if name != "aturan" or len(names) == 1]
    basis = f" ({rated.basis})" if RATED in names and rated is not None else ""
    said, told = ", ".join(word for word, _ in words), ", ".join(word for _, word in words)
    return (
        f"{month_words(earlier.first)}: {said} berbeda dari yang diketahui ketika dibayar{basis}",
        f"{earlier.first:%Y-%m}: {told} differs from what was known when paid{basis}",
    )
