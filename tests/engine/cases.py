"""Generated cases for both rule sets: seeded, over the vocabulary's ranges, with the ends of every band among them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

EDGES = [Fraction(n, 100) for n in (
    -100000, -1501, -1500, -1499, -1001, -1000, -999, -1, 0, 1, 998, 999, 1000, 1001, 1313, 2000, 2001, 2999, 3000,
    3001, 4999, 5000, 5001, 6499, 6500, 8830, 8831, 8832, 24999, 25000, 49999, 50000, 75000, 99999, 100000, 5, 15, 25,
    -5, -15, -25, 300, 250, -500, 500,
)]  # fmt: skip
TEXTS = ["Baik", "Butuh Perbaikan", "9", "90", None]


def _number(random: Random, low: int, high: int, scale: int) -> Fraction:
    """A value of the range, near an edge or small more often than not."""
    if scale == 2 and random.random() < 0.5:
        edge = random.choice(EDGES)
        if low <= edge <= high:
            return edge
    factor = 10**scale
    if random.random() < 0.4:
        return Fraction(random.randint(-6 * factor, 6 * factor), factor)
    return Fraction(random.randint(low * factor, high * factor), factor)


def kasus(random: Random) -> dict[str, Any]:
    return {
        "x": _number(random, -1000, 1000, 2),
        "y": random.choice([None, Fraction(0), Fraction(1, 2), Fraction(-1, 2), Fraction(5, 2), _number(random, -1000, 1000, 4)]),
        "teks": random.choice(TEXTS),
        "bendera": random.random() < 0.5,
        "mulai": f"202{random.randint(0, 8)}-{random.randint(1, 12):02}-{random.choice([1, 15, 28]):02}",
        "selesai": random.choice(["2024-01-31", "2026-02-28", "2024-02-29", f"2026-{random.randint(1, 12):02}-15"]),
        "daftar": [random.choice([None, _number(random, -100, 100, 2)]) for _ in range(random.randint(0, 6))],
    }


def document(random: Random) -> dict[str, Any]:
    butir = [
        {
            "kode": f"B{index}",
            "nilai": random.choice([None, Fraction(0), _number(random, -100, 100, 2), _number(random, -100, 100, 2)]),
            "bobot": Fraction(random.randint(0, 1_000_000), 10_000),
        }
        for index in range(random.randint(0, 5))
    ]
    return {"kasus": kasus(random), "butir": butir}


def documents(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    random = Random(seed)
    for _ in range(count):
        yield document(random)


def directed() -> Iterator[dict[str, Any]]:
    """Lawful cases whose numbers stand exactly on the edges that the rules of this folder name."""
    random = Random(2)
    xs = [
        Fraction(n, 100) for n in (-500, 0, 500, 300, 250, 1000, 2000, 5000, 6500, 8831, -1500, 999, 3000, 25, -25, 50000, 100000)
    ]
    ys = [None, Fraction(1, 2), Fraction(-1, 2), Fraction(5, 2), Fraction(3), None, Fraction(1, 3) * 3]
    for number in range(68):
        found = document(random)
        x, y = xs[number % len(xs)], ys[number % len(ys)]
        found["kasus"] |= {"x": x, "y": y, "teks": TEXTS[number % 5], "bendera": number % 3 == 0}
        if number % 4 == 0:
            found["kasus"]["daftar"] = [Fraction(1), None, Fraction(1), Fraction(2)]
        yield found


# ── the city's rules ──────────────────────────────────────────────────────────────────────────────────────────────────
POLARITIES = ["lebih_tinggi", "lebih_rendah", "rentang", "rentang_lebih_rendah"]
LEVELS = ["Pemula", "Terampil", "Mahir", "Penyelia", "Ahli Pertama", "Ahli Muda", "Ahli Madya", "Ahli Utama", None]
MINUTES = [None, 0, 1, 30, 31, 60, 61, 90, 91, 92, 1440]


def _weights(random: Random, count: int) -> list[Fraction]:
    cuts = sorted(random.sample(range(1, 100), count - 1))
    return [Fraction(high - low) for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]


def _indicator(random: Random, code: str, weight: Fraction) -> dict[str, Any]:
    polarity = random.choice(POLARITIES)
    target = Fraction(random.choice([1, 3, 7, 60, 80, 95, 100, Fraction(random.randint(1, 10**6), 10**4)]))
    upper = target + random.choice([0, 1, 10]) if polarity.startswith("rentang") else None
    factor = random.choice(
        [0, 1, Fraction(9, 10), Fraction(11, 10), Fraction(6, 5), Fraction(899, 1000), Fraction(random.randint(0, 2500), 1000)]
    )
    actual = Fraction(round(target * factor * 10**4), 10**4)
    return {
        "kode": code,
        "polaritas": polarity,
        "target": target,
        "target_atas": upper,
        "realisasi": None if random.random() < 0.06 else actual,
        "bobot": weight,
    }


def city_document(random: Random) -> dict[str, Any]:
    """Mostly lawful; one in ten has weights that do not sum to 100, a target of zero or no indicator."""
    count = random.randint(1, 5)
    weights = _weights(random, count)
    items = [_indicator(random, f"I{index}", weight) for index, weight in enumerate(weights)]
    spoil = random.random()
    if spoil < 0.03:
        items[0]["bobot"] += Fraction(1, 10_000) if items[0]["bobot"] < 100 else Fraction(-1, 10_000)
    elif spoil < 0.06:
        items[-1]["target"] = Fraction(0)
    elif spoil < 0.08:
        items = []
    judged = {"peran": "tim_evaluasi", "aspek": "hasil_kerja", "nilai": random.choice(["naik", "tetap", "turun"]), "alasan": "uji"}
    return {
        "kasus": {
            "kelas_jabatan": Fraction(random.randint(1, 15)),
            "jenjang": random.choice(LEVELS),
            "bulan": Fraction(random.randint(1, 12)),
            "perilaku_kerja": random.choice(["di_atas", "sesuai", "di_bawah"]),
            "menit_terlambat": [
                None if minutes is None else Fraction(minutes) for minutes in random.choices(MINUTES, k=random.randint(0, 8))
            ],
            "hari_absen": Fraction(random.choice([0, 0, 1, 2, 33, 34])),
        },
        "indikator": items,
        "penilaian": [judged] if random.random() < 0.3 else [],
    }


def city_documents(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    random = Random(seed)
    for _ in range(count):
        yield city_document(random)
