"""A reaction in words: its pattern, window and consequence, as a hearing would read them."""

from __future__ import annotations

from ..core.indonesian import number
from ..core.numbers import display_text
from .model import Label
from .reactions import Bands, Clause, Consequence, InARow, Missing, Period, Reaction, Together, Total, Window

_PERIODS: dict[Period, tuple[str, str]] = {
    "day": ("hari", "day"),
    "week": ("minggu", "week"),
    "month": ("bulan", "month"),
    "year": ("tahun", "year"),
}
_ACTS = {"task": ("tugas", "a task"), "notice": ("pemberitahuan", "a notice"), "flag": ("tanda", "a flag")}


def pattern(reaction: Reaction) -> Label:
    """ "2 bulan berturut-turut ada hasil bulanan dengan nilai < 80, satu kali tiap deretan"."""
    match reaction.form:
        case InARow() as form:
            return _in_a_row(reaction, form)
        case Total() as form:
            return _total(reaction, form)
        case Together() as form:
            return _together(reaction, form)
        case Missing() as form:
            return _missing(reaction, form)


def window(span: Window) -> Label:
    parts = [(span.months, "bulan", "months"), (span.days, "hari", "days")]
    indonesian = " ".join(f"{count} {name}" for count, name, _ in parts if count)
    english = " ".join(f"{count} {name}" for count, _, name in parts if count)
    return Label(f"{indonesian} terakhir", f"the last {english}") if indonesian else Label("tanpa batas", "without limit")


def consequence(then: Consequence) -> Label:
    """ "tugas pembinaan bagi pejabat_penilai: Buka pembinaan …"."""
    act_id, act_en = _ACTS[then.act]
    role_id, role_en = (f" bagi {then.role}", f" for {then.role}") if then.role else ("", "")
    return Label(f"{act_id} {then.name}{role_id}: {then.text.id}", f"{act_en} {then.name}{role_en}: {then.text.en}")


def _in_a_row(reaction: Reaction, form: InARow) -> Label:
    clause, (every_id, every_en) = _clause(reaction, form.clause), _PERIODS[form.every]
    times = _bands(form.bands) if form.bands else Label(str(form.times), str(form.times))
    gap = ("dilewati", "is passed over") if form.gap == "skip" else ("memutus", "breaks it")
    once_id, once_en = (", satu kali tiap deretan", ", once a run") if form.once else ("", "")
    return Label(
        f"{times.id} {every_id} berturut-turut ada {clause.id}; {every_id} tanpa kejadian {gap[0]}{once_id}",
        f"{times.en} {every_en}s in a row with {clause.en}; a {every_en} without any {gap[1]}{once_en}",
    )


def _total(reaction: Reaction, form: Total) -> Label:
    clause, (per_id, per_en) = _clause(reaction, form.clause), _PERIODS[form.per]
    limits = (
        _bands(form.bands)
        if form.bands
        else Label(" / ".join(map(number, form.at_least)), ", ".join(map(display_text, form.at_least)))
    )
    what_id, what_en = (
        (f"jumlah {form.field} dari", f"the sum of {form.field} over") if form.field else ("banyaknya", "the number of")
    )
    only_id, only_en = (" (hanya yang tertinggi)", " (the highest only)") if form.highest else ("", "")
    return Label(
        f"{what_id} {clause.id} dalam satu {per_id} mencapai {limits.id}{only_id}",
        f"{what_en} {clause.en} within a {per_en} reaches {limits.en}{only_en}",
    )


def _together(reaction: Reaction, form: Together) -> Label:
    clauses = [_clause(reaction, clause) for clause in form.clauses]
    within_id, within_en = (f" dalam {form.within} hari", f" within {form.within} days") if form.within is not None else ("", "")
    key = ", ".join(f"{clause}.{field}" for clause, field in form.key)
    key_id, key_en = (f", satu kali tiap {key}", f", once for each {key}") if key else ("", "")
    if form.per is not None:
        key_id, key_en = f"{key_id} tiap {_PERIODS[form.per][0]}", f"{key_en} and {_PERIODS[form.per][1]}"
    return Label(
        f"{' bersama '.join(one.id for one in clauses)}{within_id}{key_id}",
        f"{' with '.join(one.en for one in clauses)}{within_en}{key_en}",
    )


def _missing(reaction: Reaction, form: Missing) -> Label:
    due, awaited = _clause(reaction, form.clause), _clause(reaction, form.unless)
    days_id, days_en = " / ".join(map(str, form.before)), ", ".join(map(str, form.before))
    same = ", ".join(form.same)
    return Label(
        f"{days_id} hari sebelum {due.id} belum ada {awaited.id} untuk {same} yang sama",
        f"{days_en} days before {due.en} there is no {awaited.en} for the same {same}",
    )


def _clause(reaction: Reaction, clause: Clause) -> Label:
    label = reaction.labels[clause.kind]
    where_id, where_en = (f" dengan {clause.text}", f" where {clause.text}") if clause.text else ("", "")
    return Label(f"‘{label.id}’{where_id}", f"'{label.en}'{where_en}")


def _bands(bands: Bands) -> Label:
    source = f"{bands.decision}({bands.input})"
    return Label(f"batas menurut {source}", f"the limits of {source}")
