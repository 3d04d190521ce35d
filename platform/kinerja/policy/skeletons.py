"""The first text of a new rule file of each kind: complete enough to pass the check, plain enough to be written over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from string import Template

from .casetext import quoted

_HEAD = """\
title: $title
$key: $name
authority:
  - {instrument: $basis, part: $title, status: policy}
"""

SKELETONS: Mapping[str, str] = {
    "decision": _HEAD
    + """\
effective: {from: $day}
inputs:
  $input: {from: $source}
outputs:
  $name: {values: [ya, tidak], label: {id: $title}}
hit: UNIQUE
table: |
  | $input | $name | catatan |
  | - | tidak | |
""",
    "parameter": _HEAD
    + """\
effective: {from: $day}
label: {id: $title}
type: number
scale: 2
range: 0..100
values:
  - {from: $day, value: 0}
""",
    "standard": _HEAD
    + """\
effective: {from: $day}
applies_to: {positions: [$name]}
indicators:
  - kode: IND-1
    label: {id: $title}
    polarity: lebih_tinggi
    target: 100
    weight: 100
    unit: persen
    source: laporan
    statistic: nilai
    definition: $title
    population: $title
""",
    "reaction": _HEAD
    + """\
effective: {from: $day}
events:
  capaian_bulanan:
    label: {id: Capaian sebulan, en: A month's result}
    facts:
      nilai: {type: number, scale: 2, range: 0..100, label: {id: nilai sebulan, en: result of a month}}
window: {months: 6}
in_a_row: {event: capaian_bulanan, where: nilai < 50, every: month, times: 2, gap: break}
then: {act: task, name: $name, role: pejabat_penilai, text: {id: $title}}
""",
}


def skeleton(kind: str, name: str, title: str, basis: str, day: date, source: str = "") -> str:
    """kind: a key of SKELETONS. basis: the instrument that the city will cite. source: what a decision's first column reads,
    "kasus.hari_absen"."""
    values = {
        "key": kind, "name": name, "title": quoted(title), "basis": quoted(basis), "day": day.isoformat(), "source": source,
        "input": source.rpartition(".")[2],
    }  # fmt: skip
    return Template(SKELETONS[kind]).substitute(values)
