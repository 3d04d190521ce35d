"""Directions along a chain of decisions: each link where it is declared, and the whole from capaian to pay."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kinerja.policy import check_policy, load_policy
from kinerja.policy.proof import prove_policy
from kinerja.settings import shipped

PAY = ("tpp_bulanan", "monoton capaian_indikator.capaian up")


def proof(folder: Path, *changes: tuple[str, str, str]) -> dict[tuple[str, str], tuple[str, list[str]]]:
    """(decision, obligation) → (status, texts of what was found), of the shipped rules with some lines changed."""
    rules = folder / "aturan"
    shutil.copytree(shipped("rules"), rules)
    for file, old, new in changes:
        path = rules / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
    names = ("nilai_hasil_kerja", "hasil_kerja", "hasil_kerja_akhir", "predikat_kinerja", "persen_tpp", "tpp_bulanan")
    report = prove_policy(load_policy(rules), names)
    return {(o.decision, o.kind): (o.status, [f"{f.code} {f.text_id}" for f in o.findings]) for o in report.obligations}


def test_a_better_score_never_pays_less(tmp_path: Path) -> None:
    found = proof(tmp_path)
    assert found[PAY] == ("proved", [])
    assert {status for status, _ in found.values()} == {"proved"}


@pytest.mark.parametrize(
    ("file", "old", "new", "link", "pair"),
    [
        (
            "incentives/persen_tpp.yaml", "| Baik            | 100    |", "| Baik            | 70     |",
            ("persen_tpp", "monoton predikat up"), "capaian 89.99 → 90",
        ),
        (
            "decisions/hasil_kerja.yaml", "| [90..110)         | sesuai ", "| [90..110)         | di_bawah ",
            None, "",
        ),
        (
            "decisions/hasil_kerja.yaml", "| >= 110            | di_atas ", "| >= 110            | di_bawah ",
            ("hasil_kerja", "monoton nilai_hasil_kerja up"), "capaian 109.99 → 110",
        ),
        (
            "decisions/hasil_kerja_akhir.yaml", "| sesuai   | 0            | sesuai ", "| sesuai   | 0            | di_bawah ",
            None, "",
        ),
    ],
    ids=["pay by rating", "still ordered", "result by score", "still ordered after the team"],
)  # fmt: skip
def test_a_broken_link_is_shown_at_the_link_and_at_the_end(
    tmp_path: Path, file: str, old: str, new: str, link: tuple[str, str] | None, pair: str
) -> None:
    found = proof(tmp_path, (file, old, new))
    if link is None:
        assert found[PAY][0] == "proved"
        return
    assert found[link][0] == "failed"
    status, [text] = found[PAY]
    assert status == "failed"
    assert text.startswith("P107")
    assert pair in text
    assert "produktivitas" in text


@pytest.mark.slow
def test_a_link_that_nobody_declared_is_named_and_blocks(tmp_path: Path) -> None:
    found = proof(tmp_path, ("decisions/predikat_kinerja.yaml", "monotone: {hasil_kerja: up, perilaku_kerja: up}\n", ""))
    status, [text] = found[PAY]
    assert status == "unknown"
    assert "predikat_kinerja.hasil_kerja" in text


def test_an_item_that_gains_makes_the_sum_lose(tmp_path: Path) -> None:
    loop = "if i.capaian = null then 0 else "
    turned = ("decisions/nilai_hasil_kerja.yaml", loop + "i.capaian * i.bobot", loop + "(150 - i.capaian) * i.bobot")
    found = proof(tmp_path, turned)
    assert found["nilai_hasil_kerja", "monoton indikator.capaian up"][0] == "unknown"
    status, [text] = found[PAY]
    assert status == "failed"
    assert "P107" in text


def test_a_source_must_lie_further_back(tmp_path: Path) -> None:
    rules = tmp_path / "aturan"
    shutil.copytree(shipped("rules"), rules)
    path = rules / "decisions" / "hasil_kerja.yaml"
    path.write_text(path.read_text("utf-8").replace("monotone: {", "monotone: {predikat_kinerja.predikat: up, "), "utf-8")
    [error] = check_policy(rules).errors
    assert (error.code, "predikat_kinerja.predikat" in error.text_id) == ("R020", True)
