"""The rules against an oracle: the arithmetic of the requirement in plain Python, on random cases and on every boundary.

The oracle knows nothing of rule files, FEEL or engines; where it and a finding differ, one of the two misreads the requirement.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import KinerjaError
from kinerja.engine import Engine
from kinerja.policy import load_policy

ROOT = Path(__file__).parents[2]
RANDOM_CASES = 400

# ── the oracle ────────────────────────────────────────────────────────────────────────────────────────────────────────
RATES = (
    *(1_540_000, 1_947_000, 2_354_000, 2_849_000, 4_807_000, 5_764_000, 6_633_000, 7_523_000),
    *(9_360_000, 10_760_000, 12_370_000, 16_000_000, 20_010_000, 22_295_000, 29_286_000),
)
INDEX = Fraction("0.59112978")
MATRIX = {
    ("di_atas", "di_atas"): "Sangat Baik",
    ("di_atas", "sesuai"): "Baik",
    ("di_atas", "di_bawah"): "Kurang",
    ("sesuai", "di_atas"): "Baik",
    ("sesuai", "sesuai"): "Baik",
    ("sesuai", "di_bawah"): "Kurang",
    ("di_bawah", "di_atas"): "Butuh Perbaikan",
    ("di_bawah", "sesuai"): "Butuh Perbaikan",
    ("di_bawah", "di_bawah"): "Sangat Kurang",
}
PAY = {"Sangat Baik": 100, "Baik": 100, "Butuh Perbaikan": 80, "Kurang": 60, "Sangat Kurang": 40}
CREDIT = {"Sangat Baik": 150, "Baik": 100, "Butuh Perbaikan": 75, "Kurang": 50, "Sangat Kurang": 25}
COEFFICIENT = {
    "Pemula": "3.75",
    "Terampil": "5",
    "Mahir": "12.5",
    "Penyelia": "25",
    "Ahli Pertama": "12.5",
    "Ahli Muda": "25",
    "Ahli Madya": "37.5",
    "Ahli Utama": "50",
}
LEVELS = ("di_bawah", "sesuai", "di_atas")
POLARITIES = ("lebih_tinggi", "lebih_rendah", "rentang", "rentang_lebih_rendah")


def half_up(value: Fraction, digits: int) -> Fraction:
    """Of a value that is not negative."""
    scaled = value * 10**digits
    return Fraction((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 10**digits)


def achievement(item: dict[str, Any]) -> Fraction | None:
    target, upper, actual = item["target"], item["target_atas"], item["realisasi"]
    if actual is None:
        return None
    match item["polaritas"]:
        case "lebih_tinggi":
            raw = actual / target * 100
        case "lebih_rendah":
            raw = (2 * target - actual) / target * 100
        case _ if target <= actual <= upper:
            raw = Fraction(100)
        case "rentang":
            raw = actual / (target if actual < target else upper) * 100
        case _:
            edge = target if actual < target else upper
            raw = (2 * edge - actual) / edge * 100
    return half_up(min(max(raw, Fraction(0)), Fraction(120)), 2)


def late(minutes: Fraction | None) -> Fraction:
    if minutes is None or minutes >= 91:
        return Fraction("1.5")
    return Fraction("1.25") if minutes >= 61 else Fraction(1) if minutes >= 31 else Fraction("0.5") if minutes >= 1 else Fraction(0)


def allowance(ceiling: Fraction, percent: Fraction, minutes: list[Fraction | None], absent: Fraction) -> dict[str, Fraction]:
    discipline = max(100 - sum(late(each) for each in minutes) - 3 * absent, Fraction(0))
    productive = half_up(ceiling * 60 / 100 * percent / 100, 0)
    disciplined = half_up(ceiling * 40 / 100 * discipline / 100, 0)
    return {
        "produktivitas": productive,
        "persen_disiplin": discipline,
        "disiplin": disciplined,
        "tpp_bruto": productive + disciplined,
    }


def credit(months: Fraction, rating: str, level: str) -> Fraction:
    return half_up(months / 12 * CREDIT[rating] / 100 * Fraction(COEFFICIENT[level]), 2)


def oracle(case: dict[str, Any]) -> dict[str, Any] | None:
    """Outputs and achievements of a case; None where the requirement wants a named error."""
    kasus, items = case["kasus"], case["indikator"]
    if kasus["perilaku_kerja"] is None or sum(item["bobot"] for item in items) != 100 or any(item["target"] == 0 for item in items):
        return None
    achieved = [achievement(item) for item in items]
    rated = [(value, item["bobot"]) for value, item in zip(achieved, items, strict=True) if value is not None]
    weight = sum(w for _, w in rated)
    if not weight:
        return None
    score = Fraction(sum(value * w for value, w in rated)) / weight
    if weight != 100:  # the weight of what is not yet rated is spread over the rest
        score = half_up(score, 4)
    proposed = "di_atas" if score >= 110 else "sesuai" if score >= 90 else "di_bawah"
    step = sum({"naik": 1, "turun": -1, "tetap": 0}[note["nilai"]] for note in case.get("penilaian", []))
    final = LEVELS[min(max(LEVELS.index(proposed) + step, 0), 2)]
    rating = MATRIX[final, kasus["perilaku_kerja"]]
    ceiling = half_up(RATES[int(kasus["kelas_jabatan"]) - 1] * INDEX, 0)
    level = kasus["jenjang"]
    return {
        "nilai_hasil_kerja": score,
        "hasil_kerja": proposed,
        "hasil_kerja_akhir": final,
        "predikat": rating,
        "persen": Fraction(PAY[rating]),
        "tpp_dasar": ceiling,
        **allowance(ceiling, Fraction(PAY[rating]), kasus["menit_terlambat"], kasus["hari_absen"]),
        "angka_kredit": None if level is None else credit(kasus["bulan"], rating, level),
        "capaian": achieved,
    }


# ── cases ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def kasus(**changes: Any) -> dict[str, Any]:
    return {
        "kelas_jabatan": Fraction(9),
        "jenjang": "Ahli Muda",
        "bulan": Fraction(12),
        "perilaku_kerja": "sesuai",
        "menit_terlambat": [],
        "hari_absen": Fraction(0),
        **changes,
    }


def indikator(kode: str, actual: str | None, weight: str = "100", target: str = "100", **changes: Any) -> dict[str, Any]:
    return {
        "kode": kode,
        "polaritas": "lebih_tinggi",
        "target": Fraction(target),
        "target_atas": None,
        "realisasi": None if actual is None else Fraction(actual),
        "bobot": Fraction(weight),
        **changes,
    }


def score_of(*parts: tuple[str, str]) -> list[dict[str, Any]]:
    """Items whose achievements are the first of each pair, with the weights of the second."""
    return [indikator(f"I{number}", actual, weight) for number, (actual, weight) in enumerate(parts)]


def boundaries() -> Iterator[dict[str, Any]]:
    for edge in ("90", "110"):
        below = {"90": "89.99", "110": "109.99"}[edge]
        yield {"kasus": kasus(), "indikator": score_of((edge, "100"))}
        yield {"kasus": kasus(), "indikator": score_of((below, "100"))}
        yield {"kasus": kasus(), "indikator": score_of((edge, "99.9999"), (below, "0.0001"))}  # 0.000001 under the edge
        yield {"kasus": kasus(), "indikator": score_of((edge, "50"), (edge, "50"))}
    for result, behaviour in MATRIX:
        actual = {"di_atas": "115", "sesuai": "100", "di_bawah": "50"}[result]
        yield {"kasus": kasus(perilaku_kerja=behaviour), "indikator": score_of((actual, "100"))}
        for step in ("naik", "turun", "tetap"):
            note = {"peran": "tim_evaluasi", "aspek": "hasil_kerja", "nilai": step, "alasan": "Menurut bukti", "bukti": None}
            yield {"kasus": kasus(perilaku_kerja=behaviour), "indikator": score_of((actual, "100")), "penilaian": [note]}
    for grade in range(1, 16):
        yield {"kasus": kasus(kelas_jabatan=Fraction(grade)), "indikator": score_of(("100", "100"))}
    for level in (None, *COEFFICIENT):
        for months in (1, 2, 3, 4, 5, 7, 11, 12):
            yield {"kasus": kasus(jenjang=level, bulan=Fraction(months)), "indikator": score_of(("50", "100"))}
    for minutes in (0, 1, 2, 30, 31, 32, 60, 61, 62, 90, 91, 92, 1440, None):
        value = None if minutes is None else Fraction(minutes)
        yield {"kasus": kasus(menit_terlambat=[value]), "indikator": score_of(("100", "100"))}
        yield {"kasus": kasus(menit_terlambat=[value] * 3, hari_absen=Fraction(1)), "indikator": score_of(("100", "100"))}
    for absent in (0, 1, 32, 33, 34, 366):
        for days in (0, 1, 2, 3):
            late_days: list[Fraction | None] = [Fraction(5)] * days
            yield {"kasus": kasus(hari_absen=Fraction(absent), menit_terlambat=late_days), "indikator": score_of(("100", "100"))}
    for polarity in POLARITIES:
        for actual in ("0", "0.01", "39.99", "40", "79.995", "80", "85", "90", "90.005", "100", "160", "180", "1000000000"):
            upper = Fraction(90) if polarity.startswith("rentang") else None
            yield {"kasus": kasus(), "indikator": [indikator("A", actual, target="80", polaritas=polarity, target_atas=upper)]}
    yield {"kasus": kasus(), "indikator": [indikator("A", "1000000000", target="0.0001")]}
    yield {"kasus": kasus(), "indikator": [indikator("A", "0.0001", target="1000000000")]}
    yield {"kasus": kasus(), "indikator": [indikator("A", "0.005", target="100")]}  # a half at the second digit
    yield {"kasus": kasus(), "indikator": [indikator("A", "0.0049", target="100")]}


def refused() -> Iterator[dict[str, Any]]:
    yield {"kasus": kasus(perilaku_kerja=None), "indikator": score_of(("100", "100"))}
    yield {"kasus": kasus(), "indikator": score_of(("100", "99.9999"))}
    yield {"kasus": kasus(), "indikator": score_of(("100", "60"), ("100", "40.0001"))}
    yield {"kasus": kasus(), "indikator": score_of((None, "100"))}  # type: ignore[arg-type]
    yield {"kasus": kasus(), "indikator": []}
    for polarity in POLARITIES:
        upper = Fraction(90) if polarity.startswith("rentang") else None
        yield {"kasus": kasus(), "indikator": [indikator("A", "5", target="0", polaritas=polarity, target_atas=upper)]}


def a_number(draw: random.Random, low: int, high: int) -> Fraction:
    """Of up to four digits after the point."""
    digits = draw.choice((0, 0, 1, 2, 4))
    return Fraction(draw.randint(low * 10**digits, high * 10**digits), 10**digits)


def weights(draw: random.Random, count: int) -> list[Fraction]:
    """That sum to exactly 100."""
    unit = draw.choice((1, 100, 10_000))
    cuts = sorted(draw.randint(0, 100 * unit) for _ in range(count - 1))
    return [Fraction(high - low, unit) for low, high in zip([0, *cuts], [*cuts, 100 * unit], strict=True)]


def a_case(draw: random.Random) -> dict[str, Any]:
    items: list[dict[str, Any]] = []
    for number, weight in enumerate(weights(draw, draw.randint(1, 6))):
        polarity = draw.choice(POLARITIES)
        target = max(a_number(draw, 0, draw.choice((1, 100, 10**9))), Fraction(1, 10_000))
        upper = min(target * draw.choice((1, 2, Fraction(9, 8))), Fraction(10**9))
        actual = min(target * Fraction(draw.randint(0, 220), draw.choice((100, 97, 160))), Fraction(10**9))
        items.append(
            {
                "kode": f"IND-{number}",
                "polaritas": polarity,
                "target": target,
                "target_atas": half_up(max(upper, target), 4) if polarity.startswith("rentang") else draw.choice((None, target)),
                "realisasi": None if draw.random() < 0.05 else half_up(actual, 4),
                "bobot": weight,
            }
        )
    step = draw.choice(("naik", "turun", "tetap"))
    note = {"peran": "tim_evaluasi", "aspek": "hasil_kerja", "nilai": step, "alasan": "Menurut bukti", "bukti": None}
    return {
        "kasus": {
            "kelas_jabatan": Fraction(draw.randint(1, 15)),
            "jenjang": draw.choice((None, *COEFFICIENT)),
            "bulan": Fraction(draw.randint(1, 12)),
            "perilaku_kerja": draw.choice(LEVELS),
            "menit_terlambat": [
                None if draw.random() < 0.1 else Fraction(draw.choice((draw.randint(0, 100), draw.randint(0, 1440))))
                for _ in range(draw.choice((0, 1, 5, 23, 60)))
            ],
            "hari_absen": Fraction(draw.choice((0, 0, 0, 1, 2, 10, 33, 34, 366))),
        },
        "indikator": items,
        **({"penilaian": [note]} if draw.random() < 0.3 else {}),
    }


# ── comparison ────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(load_policy(ROOT / "rules")) as engine:
        yield engine


def differences(engine: Engine, cases: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for number, (case, result) in enumerate(zip(cases, engine.evaluate_many(cases), strict=True)):
        expected = oracle(case)
        if isinstance(result, KinerjaError):
            if expected is not None or result.exit_status != 2:
                found.append(f"case {number}: {result}")
            continue
        if expected is None:
            found.append(f"case {number}: no error, but {result.outcome.outputs}")
            continue
        answers = dict(result.outcome.outputs) | {"capaian": [item["capaian"] for item in result.outcome.items["indikator"]]}
        found += [
            f"case {number}: {name} is {answers.get(name)}, should be {value}"
            for name, value in expected.items()
            if name not in answers or answers[name] != value
        ]
    return found


def test_every_boundary(engine: Engine) -> None:
    assert differences(engine, list(boundaries())) == []


def test_what_must_be_refused(engine: Engine) -> None:
    cases = list(refused())
    assert all(oracle(case) is None for case in cases)
    assert differences(engine, cases) == []


def test_random_cases(engine: Engine) -> None:
    draw = random.Random(20_260_101)
    assert differences(engine, [a_case(draw) for _ in range(RANDOM_CASES)]) == []


def test_monthly_allowance_on_halves_of_a_rupiah(engine: Engine) -> None:
    draw = random.Random(7)
    questions: list[dict[str, Any]] = [
        {
            "pagu": Fraction(draw.randint(0, 40_000) * draw.choice((1, 25, 125, 500))),
            "persen_predikat": Fraction(draw.choice((0, 40, 60, 80, 100, "62.5", "33.3333", "99.9999"))),
            "menit_terlambat": [draw.choice((None, Fraction(10), Fraction(45), Fraction(75))) for _ in range(draw.randint(0, 6))],
            "hari_absen": Fraction(draw.randint(0, 34)),
        }
        for _ in range(150)
    ]
    halves = 0
    for given, result in zip(questions, engine.decide_many(("tpp_bulanan", given, None) for given in questions), strict=True):
        assert not isinstance(result, KinerjaError), result
        expected = allowance(given["pagu"], given["persen_predikat"], given["menit_terlambat"], given["hari_absen"])
        assert dict(result.outcome.outputs) == expected, given
        halves += (given["pagu"] * given["persen_predikat"] * 60 / 10_000).denominator == 2
    assert halves  # the sample holds what it is for
