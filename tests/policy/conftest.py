"""A small city of rules, and a way to change one file of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kinerja.policy import CheckReport, check_policy

AUTHORITY = "authority: [{instrument: Perwali 1/2020, part: Pasal 1, status: policy}]\neffective: {from: 2022-01-01}\n"
VOCABULARY = f"""
title: Kosakata uji
{AUTHORITY}
entities:
  kasus:
    label: {{id: Kasus, en: Case}}
    facts:
      kelas: {{label: Kelas, type: number, unit: kelas, scale: 0, range: 1..15, source: peta}}
      perilaku: {{label: Perilaku, values: [di_atas, sesuai, di_bawah], source: penilai}}
      menit: {{label: Menit, type: number, list: true, nullable: elements, unit: menit, scale: 0, range: 0..1440, source: presensi}}
      ikm: {{label: IKM, type: number, scale: 4, range: 25..100, source: survei, nullable: true}}
  butir:
    of: kasus
    key: kode
    label: Butir
    facts:
      kode: {{label: Kode, type: text, source: standar}}
      target: {{label: Target, type: number, scale: 4, range: 0..1000, source: standar}}
      realisasi: {{label: Realisasi, type: number, scale: 4, range: 0..1000, nullable: true, source: laporan}}
      bobot: {{label: Bobot, type: number, unit: persen, scale: 4, range: 0..100, source: standar}}
goals: {{kasus: [predikat, tunjangan]}}
"""
CAPAIAN = f"""
title: Capaian tiap butir
decision: capaian
{AUTHORITY}
for_each: butir
inputs: [target, realisasi]
outputs:
  capaian: {{type: number, unit: persen, scale: 2, range: 0..120, nullable: true}}
requires:
  - {{code: target_nol, that: target > 0, id: target nol, en: target zero}}
steps:
  mentah: if realisasi = null then null else realisasi / target * 100
  capaian: if mentah = null then null else round half up(min(max(mentah, 0), 120), 2)
cases:
  - {{given: {{target: 80, realisasi: 40}}, expect: {{capaian: 50}}}}
  - {{given: {{target: 0, realisasi: 40}}, error: target_nol}}
"""
NILAI = f"""
title: Nilai hasil kerja
decision: nilai
{AUTHORITY}
inputs:
  butir: {{from: butir}}
outputs:
  nilai: {{type: number, unit: persen, scale: 8, range: 0..120}}
requires:
  - {{code: bobot, that: sum(for b in butir return b.bobot) = 100, id: bobot, en: weights}}
formula: sum(for b in butir return if b.capaian = null then 0 else b.capaian * b.bobot) / 100
cases:
  - {{given: {{butir: [{{capaian: 50, bobot: 100}}]}}, expect: {{nilai: 50}}}}
"""
PREDIKAT = f"""
title: Predikat
decision: predikat
{AUTHORITY}
inputs:
  nilai: {{from: nilai.nilai}}
  perilaku:
outputs:
  predikat: {{values: [Baik, Cukup, Kurang], best: Baik}}
table: |
  | nilai    | perilaku        | predikat | catatan     |
  |----------|-----------------|----------|-------------|
  | >= 90    | di_atas, sesuai | Baik     |             |
  | >= 90    | di_bawah        | Cukup    | perilaku    |
  | [50..90) | -               | Cukup    |             |
  | < 50     | -               | Kurang   |             |
cases:
  - {{given: {{nilai: 90, perilaku: sesuai}}, expect: {{predikat: Baik}}}}
"""
POTONGAN = f"""
title: Potongan terlambat
decision: potongan
{AUTHORITY}
inputs:
  terlambat: {{type: number, unit: menit, scale: 0, range: 0..1440}}
outputs:
  persen: {{type: number, unit: persen, scale: 2, range: 0..5}}
table: |
  | terlambat | persen |
  | 0         | 0      |
  | [1..30]   | 0.5    |
  | > 30      | 1.25   |
monotone: {{terlambat: up}}
"""
TUNJANGAN = f"""
title: Tunjangan bulanan
decision: tunjangan
{AUTHORITY}
inputs: {{predikat: {{from: predikat.predikat}}, kelas: , menit: }}
outputs:
  tunjangan: {{type: number, unit: rupiah, scale: 0, range: 0..100000000}}
steps:
  dipotong: max(100 - sum(for m in menit return if m = null then 0 else potongan(m).persen), 0)
  tunjangan: round half up(tarif(kelas) * indeks * dipotong / 100 * (if predikat = "Kurang" then 0.5 else 1), 0)
cases:
  - {{given: {{predikat: Baik, kelas: 1, menit: [10, null]}}, expect: {{tunjangan: 995}}}}
"""
TARIF = f"""
title: Tarif kelas
parameter: tarif
{AUTHORITY}
type: number
unit: rupiah
range: 0..100000000
key: {{type: number, scale: 0, range: 1..15}}
values:
  - from: 2022-01-01
    value: {{{", ".join(f"{n}: {n}000" for n in range(1, 16))}}}
"""
INDEKS = f"""
title: Indeks
parameter: indeks
{AUTHORITY}
type: number
scale: 4
range: 0..2
values:
  - {{from: 2022-01-01, to: 2024-12-31, value: 1}}
  - {{from: 2025-01-01, value: 1.0000, review_by: 2027-01-01}}
"""
STANDAR = f"""
title: Standar operator
standard: operator
{AUTHORITY}
applies_to: {{positions: [operator]}}
indicators:
  - {{kode: A-1, label: Tepat waktu, polarity: lebih_tinggi, target: 95, weight: 60, unit: persen, source: kejadian,
     statistic: persen_tepat_waktu, service: ktp, definition: d, population: p}}
  - {{kode: A-2, label: Mutu, polarity: lebih_tinggi, target: 100, weight: 40, unit: persen, source: tim_evaluasi,
     statistic: nilai, definition: d, population: p}}
"""
FILES = {
    "vocabulary.yaml": VOCABULARY,
    "decisions/capaian.yaml": CAPAIAN,
    "decisions/nilai.yaml": NILAI,
    "decisions/predikat.yaml": PREDIKAT,
    "decisions/potongan.yaml": POTONGAN,
    "incentives/tunjangan.yaml": TUNJANGAN,
    "parameters/tarif.yaml": TARIF,
    "parameters/indeks.yaml": INDEKS,
    "standards/operator.yaml": STANDAR,
}


class Rules:
    """A folder of rule files on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, content in FILES.items():
            self.write(name, content)

    def write(self, name: str, content: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.lstrip("\n"), encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        content = (self.root / name).read_text(encoding="utf-8")
        assert old in content, f"{old!r} is not in {name}"
        self.write(name, content.replace(old, new, 1))

    def check(self) -> CheckReport:
        return check_policy(self.root)

    def codes(self) -> list[str]:
        return [found.code for found in self.check().diagnostics]


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return Rules(tmp_path / "rules")
