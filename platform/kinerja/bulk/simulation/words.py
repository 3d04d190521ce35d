"""A simulation in sentences, Indonesian and English: the same facts in the same order in both."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ...core.indonesian import number, rupiah
from ...core.numbers import display_text
from .model import Ceiling, Fairness, Move, Simulation

MOST = 6


def sentences(s: Simulation, language: str) -> list[str]:
    return _indonesian(s) if language == "id" else _english(s)


def _indonesian(s: Simulation) -> list[str]:
    if not s.cases:
        return ["Belum ada kasus yang dapat dihitung."]
    rows = f"{number(s.cases)} kasus"
    if s.months > 1:
        rows = f"{number(s.cases)} bulan-pegawai ({number(s.employees)} pegawai, {s.months} bulan)"
    found = [f"{rows} dihitung dua kali: dengan aturan yang berlaku dan dengan rancangan."]
    own = [move for move in s.moves if move.output == s.main_band and not move.group]
    if not own:
        found.append("Tidak seorang pun berpindah predikat.")
    else:
        up, down = _ways(own)
        found.append(f"{number(up + down)} pegawai berpindah {s.main_band}: {number(up)} naik, {number(down)} turun.")
        found += [f"{number(move.cases)} pegawai dari {move.before} menjadi {move.after}." for move in _largest(own)]
    if (total := s.total(s.main_money)) is not None:
        before, after = total.monthly(total.before), total.monthly(total.after)
        word = "tetap" if not total.change else "naik" if total.change > 0 else "turun"
        by = "" if not total.change else f" {rupiah(abs(after - before))}"
        found.append(f"Jumlah {s.main_money} {word}{by}: dari {rupiah(before)} menjadi {rupiah(after)} sebulan.")
        if total.change:
            yearly = total.yearly(total.after) - total.yearly(total.before)
            found.append(f"Setahun {'bertambah' if yearly > 0 else 'berkurang'} {rupiah(abs(yearly))}.")
        if s.ceiling is not None:
            rest = s.ceiling - after
            found.append(
                f"Jumlah itu {rupiah(-rest)} di atas pagu {rupiah(s.ceiling)}."
                if rest < 0
                else f"Jumlah itu di bawah pagu {rupiah(s.ceiling)}; sisa {rupiah(rest)}."
            )
    if s.ceilings:
        over = _over(s)
        names = ", ".join(f"{c.value} {rupiah(c.after - c.rupiah)}" for c in over[:MOST])
        found.append(
            f"Pagu setahun terlampaui di {number(len(over))} perangkat daerah: {names}."
            if over
            else "Tidak ada perangkat daerah yang melampaui pagu setahunnya."
        )
        if (whole := _whole(s)) is not None:
            found.append(
                f"Seluruh kota melampaui pagunya sebesar {rupiah(whole.after - whole.rupiah)} setahun."
                if whole.exceeded
                else f"Seluruh kota memakai {rupiah(whole.after)} dari pagu {rupiah(whole.rupiah)} setahun."
            )
    if (gap := _gap(s)) is not None:
        was, now = gap
        found.append(
            f"Kesenjangan antarperangkat daerah pada dua {s.main_band} teratas:"
            f" dari {number(was)} menjadi {number(now)} poin persen."
        )
    if s.newly_failed:
        codes = ", ".join(f"{code} ({number(count)})" for code, count in s.newly_failed.items())
        found.append(f"{number(sum(s.newly_failed.values()))} kasus yang dahulu terjawab kini gagal: {codes}.")
    if s.newly_answered:
        found.append(f"{number(s.newly_answered)} kasus yang dahulu gagal kini terjawab.")
    return found


def _english(s: Simulation) -> list[str]:
    if not s.cases:
        return ["There is no case to compute yet."]
    rows = f"{s.cases:,} cases"
    if s.months > 1:
        rows = f"{s.cases:,} employee-months ({s.employees:,} employees, {s.months} months)"
    found = [f"{rows} were computed twice: with the rules in force and with the draft."]
    own = [move for move in s.moves if move.output == s.main_band and not move.group]
    if not own:
        found.append("Nobody moves to another rating.")
    else:
        up, down = _ways(own)
        found.append(f"{up + down:,} employees change {s.main_band}: {up:,} up, {down:,} down.")
        found += [f"{move.cases:,} employees from {move.before} to {move.after}." for move in _largest(own)]
    if (total := s.total(s.main_money)) is not None:
        before, after = total.monthly(total.before), total.monthly(total.after)
        word = "stays" if not total.change else "rises" if total.change > 0 else "falls"
        by = "" if not total.change else f" by Rp {abs(after - before):,}"
        found.append(f"The sum of {s.main_money} {word}{by}: from Rp {before:,} to Rp {after:,} a month.")
        if total.change:
            yearly = total.yearly(total.after) - total.yearly(total.before)
            found.append(f"In a year Rp {abs(yearly):,} {'more' if yearly > 0 else 'less'}.")
        if s.ceiling is not None:
            rest = s.ceiling - after
            found.append(
                f"That is Rp {-rest:,} above the ceiling of Rp {s.ceiling:,}."
                if rest < 0
                else f"That is below the ceiling of Rp {s.ceiling:,}; Rp {rest:,} remain."
            )
    if s.ceilings:
        over = _over(s)
        names = ", ".join(f"{c.value} by Rp {c.after - c.rupiah:,}" for c in over[:MOST])
        found.append(
            f"The yearly budget is exceeded in {len(over):,} agencies: {names}." if over else "No agency exceeds its yearly budget."
        )
        if (whole := _whole(s)) is not None:
            found.append(
                f"The whole city exceeds its budget by Rp {whole.after - whole.rupiah:,} a year."
                if whole.exceeded
                else f"The whole city takes Rp {whole.after:,} of a budget of Rp {whole.rupiah:,} a year."
            )
    if (gap := _gap(s)) is not None:
        was, now = (display_text(one) for one in gap)
        found.append(f"Gap between agencies in the two best values of {s.main_band}: from {was} to {now} percentage points.")
    if s.newly_failed:
        codes = ", ".join(f"{code} ({count:,})" for code, count in s.newly_failed.items())
        found.append(f"{sum(s.newly_failed.values()):,} cases that were answered now fail: {codes}.")
    if s.newly_answered:
        found.append(f"{s.newly_answered:,} cases that failed are now answered.")
    return found


def _ways(moves: Sequence[Move]) -> tuple[int, int]:
    return sum(move.cases for move in moves if move.up), sum(move.cases for move in moves if not move.up)


def _largest(moves: Sequence[Move]) -> list[Move]:
    return sorted(moves, key=lambda move: -move.cases)[:MOST]


def _over(s: Simulation) -> list[Ceiling]:
    """Agencies above their budget, the furthest first."""
    return sorted((one for one in s.ceilings if one.value and one.exceeded), key=lambda one: one.rupiah - one.after)


def _whole(s: Simulation) -> Ceiling | None:
    return next((one for one in s.ceilings if not one.value), None)


def _gap(s: Simulation) -> tuple[Fraction, Fraction] | None:
    """Between the agency that fares best and the one that fares worst; None for fewer than two."""
    agencies: list[Fairness] = [one for one in s.fairness if one.group == "unit"]
    if len(agencies) < 2:
        return None
    before, after = [one.before for one in agencies], [one.after for one in agencies]
    return max(before) - min(before), max(after) - min(after)
