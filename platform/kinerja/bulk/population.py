"""An invented population of any size: the same seed gives the same people, in whole-number arithmetic throughout.

Values crowd at the borders of the rules: capaian of 90, 100, 110 and 120, minutes 30, 31, 60, 61, 90, 91; lists with nulls or none.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import duckdb

from ..core.errors import InputError
from ..core.numbers import decimal_text
from ..policy.model import Indicator, Policy
from .run import connect
from .sql.values import name, quote

MOST = 50_000_000
AGENCIES = (
    "dukcapil", "dinkes", "disdik", "dpmptsp", "dishub", "dinsos", "satpolpp", "diskominfo", "dlh", "bappeda", "bkpsdm",
    "inspektorat", "rsud", "setda",
)  # fmt: skip
HALVES = [89_995, 99_995, 109_995, 119_995]
"""Achievements in thousandths of a percent."""
BAD = (
    "kelas", "perilaku", "bobot", "target_nol", "polaritas", "absen", "tanpa_indikator", "belum_dinilai", "kode_ganda",
    "target_atas", "dua_langkah", "tanpa_alasan", "menit", "negatif",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Invented:
    """Rows written."""

    cases: int
    items: int
    judgements: int
    files: tuple[str, ...]


def population(
    policy: Policy,
    cases: int,
    seed: int,
    target: Path,
    *,
    bad: int = 0,
    indicators: int | None = None,
    months: int = 1,
    halves: int = 0,
    threads: int | None = None,
) -> Invented:
    """kasus.parquet, indikator.parquet, penilaian.parquet and unit.parquet. Each case follows one of the policy's standards.

    bad: percent of the cases that have one fault each. indicators: that many a case, of equal weight, instead of a standard's own.
    halves: percent of the cases that achieve half a hundredth less than a border of the rules everywhere, so far as ten-thousandths
    of the actual allow: 89.995 is 90.00, and what divides in binary often says 89.99.
    months: of 2 or more, each employee has that many rows, alike but for attendance, told apart by `pegawai` and `bulan_bayar`.
    Raises InputError where there is no standard to follow or a number is out of range.
    """
    if (
        not 1 <= cases <= MOST
        or not 0 <= bad <= 100
        or not 0 <= halves <= 100
        or seed < 0
        or (indicators is not None and not 1 <= indicators <= 50)
        or not 1 <= months <= 12
    ):
        raise InputError(
            "di_luar_rentang",
            f"jumlah kasus 1 sampai {MOST}, benih 0 ke atas, persen 0 sampai 100, indikator 1 sampai 50, bulan 1 sampai 12",
            f"cases from 1 to {MOST}, a seed of 0 or more, percentages from 0 to 100, indicators from 1 to 50, months to 12",
            remedy_id="perbaiki angkanya",
            remedy_en="mend the number",
        )
    target.mkdir(parents=True, exist_ok=True)
    scratch = target / ".sementara"
    try:
        with connect(scratch, threads=threads) as db:
            _plans(db, policy, indicators)
            _draw(db, cases, seed, bad, halves)
            _months(db, months)
            _units(db, policy, seed, target)
            return _write(db, target, months)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def draw(*parts: str) -> str:
    """A whole number from 0 to 2³²-1 that depends on all parts: products stay below 2⁶³, so that no engine's overflow matters."""
    mixed = (
        "(" + " + ".join(f"({part}) * {factor}" for part, factor in zip(parts, (2654435, 40503, 7919, 104729), strict=False)) + ")"
    )
    for _ in range(2):
        mixed = f"((xor({mixed} % 4294967296, ({mixed} % 4294967296) >> 16) * 73244475) % 4294967296)"
    return mixed


def _plans(db: duckdb.DuckDBPyConnection, policy: Policy, indicators: int | None) -> None:
    """Table `rencana`: standard number, position, and what the indicator is; targets and weights as whole ten-thousandths."""
    rows: list[str] = []
    standards = [standard for standard in policy.standards if standard.indicators]
    if not standards:
        raise InputError("tanpa_standar", "aturan ini tidak punya standar kinerja", "these rules have no performance standard")
    for number, standard in enumerate(standards):
        chosen = list(standard.indicators)
        weights = [indicator.weight for indicator in chosen]
        if indicators is not None:
            chosen = [chosen[position % len(chosen)] for position in range(indicators)]
            weights = [Fraction(10**6 // indicators, 10**4)] * indicators
            weights[0] += 100 - sum(weights)
        for position, (indicator, weight) in enumerate(zip(chosen, weights, strict=True)):
            code = indicator.code if indicators is None else f"{standard.name[:3].upper()}-{position + 1}"
            rows.append(_row(number, position, code, indicator, weight))
    db.execute(
        "CREATE TABLE rencana AS SELECT * FROM (VALUES " + ", ".join(rows) + ")"
        " AS t (standar, urutan, kode, polaritas, sasaran, atas, bobot)"
    )


def _row(number: int, position: int, code: str, indicator: Indicator, weight: Fraction) -> str:
    high = "NULL" if indicator.target_high is None else str(_whole(indicator.target_high))
    texts = f"{quote(code)}, {quote(indicator.polarity)}"
    return f"({number}, {position}, {texts}, {_whole(indicator.target)}::BIGINT, {high}::BIGINT, {_whole(weight)}::BIGINT)"


def _whole(value: Fraction) -> str:
    return decimal_text(value * 10_000)


def _draw(db: duckdb.DuckDBPyConnection, cases: int, seed: int, bad: int, halves: int) -> None:
    """Table `orang`: one row a case, with the draws that the files are made from."""
    draws = ", ".join(f"{draw('i', str(seed), str(number))} AS u{number}" for number in range(12))
    faults = "[" + ", ".join(quote(one) for one in BAD) + "]"
    db.execute(
        "CREATE TABLE orang AS SELECT *, 'K' || lpad(i::VARCHAR, 8, '0') AS kasus,"
        " (u0 // 7) % (SELECT max(standar) + 1 FROM rencana) AS standar,"
        f" CASE WHEN u10 % 100 < {bad} THEN {faults}[(u11 % {len(BAD)} + 1)::BIGINT] ELSE '' END AS cacat,"
        f" CASE WHEN u4 // 192 % 100 < {halves} THEN {HALVES}[(u5 % {len(HALVES)} + 1)::BIGINT]::BIGINT END AS batas"
        f" FROM (SELECT i, {draws} FROM range(1, {cases + 1}) AS t(i))"
    )


def _months(db: duckdb.DuckDBPyConnection, months: int) -> None:
    """View `baris`: one row of kasus.parquet each. The first month's draws are those of a population without months."""
    key = "kasus" if months == 1 else "kasus || '/' || lpad(bulan::VARCHAR, 2, '0')"
    db.execute(
        f"CREATE VIEW baris AS SELECT orang.* REPLACE ({key} AS kasus, u7 + 131071 * (bulan - 1) AS u7), kasus AS pegawai, bulan,"
        f" (u8 + 977 * (bulan - 1)) % 4001 AS u12 FROM orang, range(1, {months + 1}) AS t(bulan)"
    )


def _choose(draw_: str, shares: Mapping[str, int]) -> str:
    """CASE over a draw from 0 to 999."""
    arms, upto = [], 0
    for value, share in shares.items():
        upto += share
        arms.append(f"WHEN {draw_} % 1000 < {upto} THEN {value}")
    return f"CASE {' '.join(arms)} END"


def _write(db: duckdb.DuckDBPyConnection, target: Path, months: int) -> Invented:
    agencies = "[" + ", ".join(quote(agency) for agency in AGENCIES) + "]"
    levels = "['Pemula','Terampil','Mahir','Penyelia','Ahli Pertama','Ahli Muda','Ahli Madya','Ahli Utama']"
    shares = {"0": 700, "1": 20, "30": 20, "31": 20, "60": 20, "61": 20, "90": 20, "91": 20, "1440": 5, "NULL": 15}
    minute = _choose(draw("n", "hari", "u8"), {**shares, f"({draw('n', 'u9', 'hari')} % 120)": 140})
    behaviour = _choose("u6", {quote("di_atas"): 150, quote("sesuai"): 800, quote("di_bawah"): 50})
    absent = _choose("u7", {"0": 850, "1": 60, "2": 40, "u7 // 1024 % 40": 50})
    days = _choose("n", {"0": 30, "1": 30, "22": 940})
    db.execute(  # people share some thousand months of minutes: drawing each minute anew would take most of the time
        f"CREATE TABLE menit AS SELECT n, list_transform(range({days}), lambda hari: ({minute})::BIGINT)::BIGINT[] AS hari"
        f" FROM (SELECT n, {draw('n', 'n')} AS u8, {draw('n', '7')} AS u9 FROM range(4001) AS t(n))"
    )
    whose = "pegawai, lpad(bulan::VARCHAR, 2, '0') AS bulan_bayar, " if months > 1 else ""
    _copy(
        db,
        f"SELECT kasus, {whose}"
        f"{agencies}[(u1 % {len(AGENCIES)} + 1)::BIGINT] AS unit,"
        " CASE WHEN cacat = 'kelas' THEN 16 ELSE (u2 % 15 + 1) END::BIGINT AS kelas_jabatan,"
        f" CASE WHEN u3 % 2 = 0 THEN {levels}[((u3 // 2) % 8 + 1)::BIGINT] END AS jenjang,"
        " CASE WHEN u4 % 10 < 9 THEN 12 ELSE u4 // 16 % 12 + 1 END::BIGINT AS bulan,"
        f" CASE WHEN cacat = 'perilaku' THEN NULL ELSE {behaviour} END AS perilaku_kerja,"
        " CASE WHEN cacat = 'menit' THEN [2000]::BIGINT[] ELSE hari END AS menit_terlambat,"
        f" CASE WHEN cacat = 'absen' THEN 400 ELSE {absent} END::BIGINT AS hari_absen"
        " FROM baris JOIN menit ON n = u12 ORDER BY i, baris.bulan",  # the month, not the fact of that name
        target / "kasus.parquet",
    )
    share = _choose(
        "u",
        {"NULL": 30, "0": 10, "900": 60, "1000": 150, "1100": 60, "1200": 40, "899": 20, "1099": 20, "u // 1024 % 1000 + 500": 610},
    )
    first = "urutan = 0 AND cacat = "
    target_ = _decimal(f"CASE WHEN {first}'target_nol' THEN 0 ELSE sasaran END")
    upper = _decimal(f"CASE WHEN {first}'target_atas' THEN NULL ELSE atas END")
    bordering = "sasaran * (CASE WHEN polaritas IN ('lebih_rendah', 'rentang_lebih_rendah') THEN 200000 - batas ELSE batas END)"
    reached = f"least(CASE WHEN batas IS NULL THEN sasaran * bagian // 1000 ELSE {bordering} // 100000 END, 10000000000000)"
    actual = _decimal(f"CASE WHEN {first}'negatif' THEN -1 WHEN bagian IS NOT NULL AND cacat <> 'belum_dinilai' THEN {reached} END")
    weight = _decimal(f"CASE WHEN {first}'bobot' THEN bobot - 1 ELSE bobot END")
    _copy(
        db,
        "SELECT kasus, kode, polaritas, target, target_atas, realisasi, bobot FROM (SELECT kasus, i, bulan, urutan,"
        " CASE WHEN cacat = 'kode_ganda' AND urutan = 1 THEN kode_pertama ELSE kode END AS kode,"
        f" CASE WHEN {first}'polaritas' THEN 'sembarang' WHEN {first}'target_atas' THEN 'rentang' ELSE polaritas END AS polaritas,"
        f" {target_} AS target, {upper} AS target_atas, {actual} AS realisasi, {weight} AS bobot"
        f" FROM (SELECT *, ({share})::BIGINT AS bagian FROM ("
        f" SELECT o.kasus, o.i, o.bulan, o.cacat, o.batas, r.*, f.kode AS kode_pertama, {draw('o.i', 'r.urutan', 'o.u9')} AS u"
        " FROM baris AS o JOIN rencana AS r ON r.standar = o.standar JOIN rencana AS f ON f.standar = o.standar AND f.urutan = 0"
        " WHERE o.cacat <> 'tanpa_indikator'))) ORDER BY i, bulan, urutan",
        target / "indikator.parquet",
    )
    step = _choose("u8", {quote("tetap"): 500, quote("naik"): 250, quote("turun"): 250})
    moved = "CASE WHEN cacat = 'dua_langkah' THEN 'naik' WHEN cacat = 'tanpa_alasan' THEN 'turun' ELSE " + step + " END"
    _copy(
        db,
        "SELECT kasus, peran, aspek, nilai, alasan, bukti FROM ("
        " SELECT kasus, i, bulan, 0 AS n, 'pejabat_penilai' AS peran, 'perilaku_kerja' AS aspek, 'sesuai' AS nilai,"
        " NULL::VARCHAR AS alasan, NULL::VARCHAR AS bukti FROM baris WHERE u9 % 20 = 0"
        f" UNION ALL SELECT kasus, i, bulan, 1, 'tim_evaluasi', 'hasil_kerja', {moved},"
        " CASE WHEN cacat = 'tanpa_alasan' THEN NULL ELSE 'sesuai bukti kerja' END, NULL FROM baris"
        " WHERE u9 // 32 % 20 = 0 OR cacat IN ('dua_langkah', 'tanpa_alasan')"
        " UNION ALL SELECT kasus, i, bulan, 2, 'tim_evaluasi', 'hasil_kerja', 'naik', 'sesuai bukti kerja', NULL FROM baris"
        " WHERE cacat = 'dua_langkah') ORDER BY i, bulan, n",
        target / "penilaian.parquet",
    )
    files = tuple(f"{entity}.parquet" for entity in ("kasus", "indikator", "penilaian", "unit"))
    counts = [_count(db, target / file) for file in files]
    return Invented(counts[0], counts[1], counts[2], files)


def _units(db: duckdb.DuckDBPyConnection, policy: Policy, seed: int, target: Path) -> None:
    """unit.parquet: what the organisation achieved, for rules about units."""
    entity = policy.vocabulary.entities.get("unit")
    chosen = [fact for fact in entity.facts.values() if fact.type.values] if entity is not None else []
    columns = []
    for number, fact in enumerate(chosen):
        values = ", ".join(map(quote, fact.type.values))
        place = f"({draw('n', str(seed), str(number))} % {len(fact.type.values)} + 1)::BIGINT"
        columns.append(f", ([{values}])[{place}] AS {name(fact.name)}")
    listed = "(['" + "', '".join(AGENCIES) + "'])"
    _copy(db, f"SELECT {listed}[n] AS unit{''.join(columns)} FROM range(1, {len(AGENCIES) + 1}) AS t(n)", target / "unit.parquet")


def _decimal(whole: str) -> str:
    """Ten-thousandths as DECIMAL(18, 4), by a product and never by a division."""
    return f"(({whole})::BIGINT::DECIMAL(18,0) * 0.0001::DECIMAL(4,4))::DECIMAL(18,4)"


def _copy(db: duckdb.DuckDBPyConnection, sql: str, file: Path) -> None:
    part = file.with_name(f".{file.name}.baru")
    db.execute(f"COPY ({sql}) TO {quote(str(part))} (FORMAT parquet, ROW_GROUP_SIZE 122880)")
    part.replace(file)


def _count(db: duckdb.DuckDBPyConnection, file: Path) -> int:
    row = db.execute(f"SELECT count(*) FROM read_parquet({quote(str(file))})").fetchone()
    return int(row[0]) if row else 0
