"""The chain from indicators to allowance as plain Python, written by hand for these rules alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

RATES = (0, 1540000, 1947000, 2354000, 2849000, 4807000, 5764000, 6633000, 7523000, 9360000, 10760000, 12370000, 16000000,
         20010000, 22295000, 29286000)  # fmt: skip
INDEX = Fraction(59112978, 100000000)
SHARES = {"Sangat Baik": 100, "Baik": 100, "Butuh Perbaikan": 80, "Kurang": 60, "Sangat Kurang": 40}
BANDS = ("di_atas", "sesuai", "di_bawah")
RATINGS = {
    ("di_atas", "di_atas"): "Sangat Baik", ("di_atas", "sesuai"): "Baik", ("di_atas", "di_bawah"): "Kurang",
    ("sesuai", "di_atas"): "Baik", ("sesuai", "sesuai"): "Baik", ("sesuai", "di_bawah"): "Kurang",
    ("di_bawah", "di_atas"): "Butuh Perbaikan", ("di_bawah", "sesuai"): "Butuh Perbaikan",
    ("di_bawah", "di_bawah"): "Sangat Kurang",
}  # fmt: skip


def half_up(value: Fraction, digits: int = 0) -> Fraction:
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**digits)


def _upwards(i: Mapping[str, Any]) -> Fraction:
    return Fraction(i["realisasi"]) / Fraction(i["target"]) * 100


def _downwards(i: Mapping[str, Any]) -> Fraction:
    return (2 * Fraction(i["target"]) - Fraction(i["realisasi"])) / Fraction(i["target"]) * 100


def _range(below: Callable[[Mapping[str, Any]], Fraction], low: bool) -> Callable[[Mapping[str, Any]], Fraction]:
    def reached(i: Mapping[str, Any]) -> Fraction:
        if i["realisasi"] < i["target"]:
            return below(i)
        if i["realisasi"] > i["target_atas"]:
            upper, actual = Fraction(i["target_atas"]), Fraction(i["realisasi"])
            return ((2 * upper - actual) if low else actual) / upper * 100
        return Fraction(100)

    return reached


REACHED = {
    "lebih_tinggi": _upwards, "lebih_rendah": _downwards,
    "rentang": _range(_upwards, False), "rentang_lebih_rendah": _range(_downwards, True),
}  # fmt: skip


def _cut(minutes: Any) -> Fraction:
    if minutes is None or minutes >= 91:
        return Fraction(3, 2)
    return Fraction(5, 4) if minutes >= 61 else Fraction(1) if minutes >= 31 else Fraction(1, 2) if minutes >= 1 else Fraction(0)


def case(kasus: Mapping[str, Any], items: Sequence[Mapping[str, Any]], judged: Sequence[Mapping[str, Any]]) -> tuple[str, Fraction]:
    """(rating, monthly allowance)."""
    weight, total = Fraction(0), Fraction(0)
    for item in items:
        if item.get("realisasi") is not None:
            own = Fraction(item["bobot"])
            weight += own
            total += half_up(min(max(REACHED[item["polaritas"]](item), Fraction(0)), Fraction(120)), 2) * own
    score = total / 100 if weight == 100 else half_up(total / weight, 4)
    place = 0 if score >= 110 else 1 if score >= 90 else 2
    for one in judged:
        if one["peran"] == "tim_evaluasi" and one["aspek"] == "hasil_kerja":
            place += {"naik": -1, "turun": 1}.get(one["nilai"], 0)
    rating = RATINGS[BANDS[min(max(place, 0), 2)], kasus["perilaku_kerja"]]
    base = half_up(RATES[int(kasus["kelas_jabatan"])] * INDEX)
    discipline = max(100 - sum(map(_cut, kasus["menit_terlambat"]), Fraction(0)) - 3 * Fraction(kasus["hari_absen"]), Fraction(0))
    return rating, half_up(base * 60 / 100 * SHARES[rating] / 100) + half_up(base * 40 / 100 * discipline / 100)
