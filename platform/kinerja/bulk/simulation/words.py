"""A simulation in sentences, Indonesian and English: the same facts in the same order in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ...core.indonesian import number, rupiah
from ...core.numbers import display_text
from .model import Ceiling, Compared, Fairness, Money, Move

MOST = 6


def sentences(s: Compared, language: str) -> list[str]:
    return [said[language == "en"] for said in _said(s)]


def _said(s: Compared) -> Iterator[tuple[str, str]]:
    """(Indonesian, English) of each thing there is to say."""
    if not s.cases:
        yield "Belum ada kasus yang dapat dihitung.", "There is no case to compute yet."
        return
    rows = f"{number(s.cases)} kasus", f"{s.cases:,} cases"
    if s.months > 1:
        rows = (
            f"{number(s.cases)} bulan-pegawai ({number(s.employees)} pegawai, {s.months} bulan)",
            f"{s.cases:,} employee-months ({s.employees:,} employees, {s.months} months)",
        )
    yield (
        f"{rows[0]} dihitung dua kali: dengan aturan yang berlaku dan dengan rancangan.",
        f"{rows[1]} were computed twice: with the rules in force and with the draft.",
    )
    if failing := s.cases - s.both - sum(s.newly_failed.values()) - s.newly_answered:
        yield (
            f"{number(failing)} di antaranya tidak terjawab, dahulu maupun kini, dan tidak dihitung di bawah ini.",
            f"Of these {failing:,} without an answer, before and now, are not counted below.",
        )
    yield from _moved(s)
    if (total := s.total(s.main_money)) is not None:
        yield from _spent(s, total)
    if s.ceilings:
        yield from _budgeted(s)
    if (gap := _gap(s)) is not None:
        (was, now), (before, after) = (number(one) for one in gap), (display_text(one) for one in gap)
        yield (
            f"Kesenjangan antarperangkat daerah pada dua {s.main_band} teratas:"
            f" {f'tetap {now}' if was == now else f'dari {was} menjadi {now}'} poin persen.",
            f"Gap between agencies in the two best values of {s.main_band}:"
            f" {f'still {after}' if before == after else f'from {before} to {after}'} percentage points.",
        )
    if s.newly_failed:
        count = sum(s.newly_failed.values())
        yield (
            f"{number(count)} kasus yang dahulu terjawab kini gagal: "
            + ", ".join(f"{code} ({number(cases)})" for code, cases in s.newly_failed.items()) + ".",
            f"{count:,} cases that were answered now fail: "
            + ", ".join(f"{code} ({cases:,})" for code, cases in s.newly_failed.items()) + ".",
        )  # fmt: skip
    if s.newly_answered:
        yield (
            f"{number(s.newly_answered)} kasus yang dahulu gagal kini terjawab.",
            f"{s.newly_answered:,} cases that failed are now answered.",
        )


def _moved(s: Compared) -> Iterator[tuple[str, str]]:
    own = [move for move in s.moves if move.output == s.main_band and not move.group]
    if not own:
        if s.main_band:
            yield f"Tidak seorang pun berpindah {s.main_band}.", f"Nobody changes {s.main_band}."
        return
    up, down = _ways(own)
    yield (
        f"{number(up + down)} pegawai berpindah {s.main_band}: {number(up)} naik, {number(down)} turun.",
        f"{_employees(up + down)} to another {s.main_band}: {up:,} up, {down:,} down.",
    )
    for move in _largest(own):
        yield (
            f"{number(move.cases)} pegawai dari {move.before} menjadi {move.after}.",
            f"{_employees(move.cases)} from {move.before} to {move.after}.",
        )


def _spent(s: Compared, total: Money) -> Iterator[tuple[str, str]]:
    before, after = total.monthly(total.before), total.monthly(total.after)
    way = ("tetap", "stays") if not total.change else ("naik", "rises") if total.change > 0 else ("turun", "falls")
    by = (f" {rupiah(abs(after - before))}", f" by Rp {abs(after - before):,}") if total.change else ("", "")
    yield (
        f"Jumlah {s.main_money} {way[0]}{by[0]}: dari {rupiah(before)} menjadi {rupiah(after)} sebulan.",
        f"The sum of {s.main_money} {way[1]}{by[1]}: from Rp {before:,} to Rp {after:,} a month.",
    )
    if total.change:
        yearly = total.yearly(total.after) - total.yearly(total.before)
        yield (
            f"Setahun {'bertambah' if yearly > 0 else 'berkurang'} {rupiah(abs(yearly))}.",
            f"In a year Rp {abs(yearly):,} {'more' if yearly > 0 else 'less'}.",
        )
    if s.ceiling is None:
        return
    rest = s.ceiling - after
    if rest < 0:
        yield (
            f"Jumlah itu {rupiah(-rest)} di atas pagu {rupiah(s.ceiling)}.",
            f"That is Rp {-rest:,} above the ceiling of Rp {s.ceiling:,}.",
        )
    else:
        yield (
            f"Jumlah itu di bawah pagu {rupiah(s.ceiling)}; sisa {rupiah(rest)}.",
            f"That is below the ceiling of Rp {s.ceiling:,}; Rp {rest:,} remain.",
        )


def _budgeted(s: Compared) -> Iterator[tuple[str, str]]:
    over = _over(s)
    if over:
        beyond = [(c.value, c.after - c.rupiah) for c in over[:MOST]]
        yield (
            f"Pagu setahun terlampaui di {number(len(over))} perangkat daerah: "
            + ", ".join(f"{unit} {rupiah(by)}" for unit, by in beyond) + ".",
            f"The yearly budget is exceeded in {len(over):,} agencies: "
            + ", ".join(f"{unit} by Rp {by:,}" for unit, by in beyond) + ".",
        )  # fmt: skip
    else:
        yield "Tidak ada perangkat daerah yang melampaui pagu setahunnya.", "No agency exceeds its yearly budget."
    whole = _whole(s)
    if whole is not None and whole.exceeded:
        yield (
            f"Seluruh kota melampaui pagunya sebesar {rupiah(whole.after - whole.rupiah)} setahun.",
            f"The whole city exceeds its budget by Rp {whole.after - whole.rupiah:,} a year.",
        )
    elif whole is not None:
        yield (
            f"Seluruh kota memakai {rupiah(whole.after)} dari pagu {rupiah(whole.rupiah)} setahun.",
            f"The whole city takes Rp {whole.after:,} of a budget of Rp {whole.rupiah:,} a year.",
        )


def _employees(count: int) -> str:
    return "1 employee moves" if count == 1 else f"{count:,} employees move"


def _ways(moves: Sequence[Move]) -> tuple[int, int]:
    return sum(move.cases for move in moves if move.up), sum(move.cases for move in moves if not move.up)


def _largest(moves: Sequence[Move]) -> list[Move]:
    return sorted(moves, key=lambda move: -move.cases)[:MOST]


def _over(s: Compared) -> list[Ceiling]:
    """Agencies above their budget, the furthest first."""
    return sorted((one for one in s.ceilings if one.value and one.exceeded), key=lambda one: one.rupiah - one.after)


def _whole(s: Compared) -> Ceiling | None:
    return next((one for one in s.ceilings if not one.value), None)


def _gap(s: Compared) -> tuple[Fraction, Fraction] | None:
    """Between the agency that fares best and the one that fares worst; None for fewer than two."""
    agencies: list[Fairness] = [one for one in s.fairness if one.group == "unit"]
    if len(agencies) < 2:
        return None
    before, after = [one.before for one in agencies], [one.after for one in agencies]
    return max(before) - min(before), max(after) - min(after)
