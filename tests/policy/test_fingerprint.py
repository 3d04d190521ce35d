"""The fingerprint is over meaning: what an officer reads as the same rule has the same fingerprint, and nothing else has."""

from __future__ import annotations

import pytest

from .conftest import FILES, PREDIKAT, Rules


def fingerprint(rules: Rules) -> str:
    policy = rules.check().policy
    assert policy is not None
    return policy.fingerprint


SAME = [
    ("decisions/predikat.yaml", "title: Predikat\n", "# catatan\ntitle:   Predikat\n"),
    ("decisions/predikat.yaml", "title: Predikat\ndecision: predikat\n", "decision: predikat\ntitle: Predikat\n"),
    ("decisions/predikat.yaml", "| [50..90) | -               |", "| [50.0..90) |-|"),
    ("decisions/predikat.yaml", "| di_bawah        |", '| "di_bawah" |'),
    ("decisions/capaian.yaml", "realisasi / target * 100", "realisasi/target   *100.00"),
    ("decisions/capaian.yaml", "inputs: [target, realisasi]", "inputs: [realisasi, target]"),
    ("decisions/capaian.yaml", "expect: {capaian: 50}", "expect: {capaian: 50.00}, note: contoh"),
    ("parameters/indeks.yaml", "value: 1.0000", "value: 1"),
    ("parameters/tarif.yaml", "1: 1000, 2: 2000", "2: 2000, 1: 1000"),
    ("vocabulary.yaml", "type: number, unit: kelas, scale: 0", "scale: 0, unit: kelas, type: number"),
]
OTHER = [
    ("decisions/predikat.yaml", "[50..90)", "[50..90]"),
    ("decisions/predikat.yaml", "di_atas, sesuai", "sesuai, di_atas"),
    ("decisions/predikat.yaml", "| Kurang  ", "| Cukup   "),
    ("decisions/predikat.yaml", "Pasal 1", "Pasal 2"),
    ("decisions/predikat.yaml", "from: 2022-01-01", "from: 2022-01-02"),
    ("decisions/predikat.yaml", "| perilaku    |", "| sikap       |"),
    ("decisions/capaian.yaml", "target > 0", "target >= 0"),
    ("decisions/capaian.yaml", "scale: 2", "scale: 3"),
    ("parameters/indeks.yaml", "value: 1.0000", "value: 1.0001"),
    ("parameters/tarif.yaml", "1: 1000", "1: 1001"),
    ("standards/operator.yaml", "target: 95", "target: 96"),
    ("vocabulary.yaml", "range: 1..15", "range: 1..16"),
]


@pytest.mark.parametrize(("file", "old", "new"), SAME, ids=range(len(SAME)))
def test_writing_it_differently_changes_nothing(rules: Rules, file: str, old: str, new: str) -> None:
    before = fingerprint(rules)
    rules.change(file, old, new)
    assert fingerprint(rules) == before


@pytest.mark.parametrize(("file", "old", "new"), OTHER, ids=range(len(OTHER)))
def test_another_meaning_has_another_fingerprint(rules: Rules, file: str, old: str, new: str) -> None:
    before = fingerprint(rules)
    rules.change(file, old, new)
    if file == "vocabulary.yaml":
        rules.change("parameters/tarif.yaml", "range: 1..15", "range: 1..15")
    assert fingerprint(rules) != before


def test_moving_a_file_changes_nothing(rules: Rules) -> None:
    before = fingerprint(rules)
    (rules.root / "decisions/predikat.yaml").unlink()
    rules.write("incentives/lain/p.yaml", PREDIKAT)
    assert fingerprint(rules) == before


def test_places_and_sources_follow_the_files(rules: Rules) -> None:
    policy = rules.check().policy
    assert policy is not None
    assert set(policy.sources) == set(FILES)
    assert policy.decisions["predikat"][0].place.file == "decisions/predikat.yaml"
