"""A gap is shown between the two rows where it lies; counterexamples carry their values."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from kinerja.policy import Diagnostic, Policy, check_policy
from kinerja.policy.neighbours import place_of_gap
from kinerja.policy.proof import prove_policy
from kinerja.settings import shipped

SESUAI = "  | sesuai      | sesuai         | Baik            |                   |\n"


def refuted(folder: Path, file: str, old: str, new: str) -> tuple[Policy, str, list[Diagnostic]]:
    rules = folder / "aturan"
    shutil.copytree(shipped("rules"), rules)
    path = rules / "decisions" / f"{file}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    policy = check_policy(rules).policy
    assert policy is not None
    found = [one for obligation in prove_policy(policy, (file,)).obligations for one in obligation.findings]
    return policy, file, [one for one in found if one.code.startswith("P10")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new", "case", "above"),
    [
        ("hasil_kerja", "[90..110)", "[104..110)", (("nilai_hasil_kerja", Fraction(90)),), 2),
        ("hasil_kerja", "[90..110)", "[90..108)", (("nilai_hasil_kerja", Fraction(108)),), 1),
        ("hasil_kerja", "[0..90) ", "[1..90) ", (("nilai_hasil_kerja", Fraction(0)),), 3),
        ("predikat_kinerja", SESUAI, "", (("hasil_kerja", "sesuai"), ("perilaku_kerja", "sesuai")), 4),
        ("mutu_pelayanan", "[88.31..100]", "[90..100]", (("ikm", Fraction("88.31")),), 1),
    ],
)
def test_a_gap_lies_between_its_neighbours(tmp_path, file, old, new, case, above) -> None:
    policy, name, found = refuted(tmp_path, file, old, new)
    gap = next(one for one in found if one.code == "P101")
    assert gap.case == case
    assert place_of_gap(policy, policy.decisions[name][-1], dict(gap.case)) == above


def test_an_overlap_names_both_rows(tmp_path) -> None:
    _, _, found = refuted(tmp_path, "hasil_kerja", "[90..110)", "[80..110)")
    overlap = next(one for one in found if one.code == "P102")
    assert overlap.rows == ("hasil_kerja#2", "hasil_kerja#3")
    assert overlap.case == (("nilai_hasil_kerja", Fraction(80)),)
