"""Difference in sentences, where used, why not this row, Markdown and drawing."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from kinerja.cli.rules import rules as command
from kinerja.core.errors import InputError
from kinerja.policy import Policy, check_policy
from kinerja.policy.difference import compare
from kinerja.policy.drawing import draw
from kinerja.policy.markdown import as_markdown
from kinerja.policy.usage import where_used
from kinerja.policy.whynot import why_not

from .conftest import POTONGAN, STANDAR, Rules
from .test_fingerprint import OTHER, SAME


def policy_of(rules: Rules) -> Policy:
    found = rules.check()
    assert found.policy is not None, [one.line("en") for one in found.errors]
    return found.policy


def changes(rules: Rules, *edits: tuple[str, str, str]) -> list[tuple[str, str]]:
    before = policy_of(rules)
    for edit in edits:
        rules.change(*edit)
    return [(change.line("id"), change.line("en")) for change in compare(before, policy_of(rules))]


P, D = "decisions/predikat.yaml", "decisions/potongan.yaml"


def test_a_band_that_moves_is_said_as_a_band(rules: Rules) -> None:
    found = changes(rules, (P, "[50..90)", "[55..90)"), (P, "| < 50 ", "| < 55 "))
    assert found == [
        (
            "predikat: batas bawah nilai untuk Cukup naik dari 50 persen ke 55 persen"
            " — contoh: nilai = 50, perilaku = di_atas dahulu Cukup, kini Kurang",
            "predikat: lower end of nilai for Cukup rises from 50 percent to 55 percent"
            " — for example: nilai = 50, perilaku = di_atas was Cukup, is now Kurang",
        ),
        (
            "predikat: batas atas nilai untuk Kurang naik dari 50 persen ke 55 persen",
            "predikat: upper end of nilai for Kurang rises from 50 percent to 55 percent",
        ),
    ]


@pytest.mark.parametrize(
    ("edits", "sentence"),
    [
        ([(D, "| 1.25   |", "| 2      |")], "potongan: persen naik dari 1,25 persen ke 2 persen untuk > 30"),
        ([(D, "| > 30  ", "| >= 31 ")], "potongan: batas bawah terlambat untuk 1,25 persen naik dari 30 menit ke 31 menit"),
        ([(P, "| >= 90    | di_bawah        | Cukup ", "| >= 90    | di_bawah        | Kurang")], "untuk >= 90, di_bawah"),
        ([(P, "[50..90)", "(50..90)"), (P, "| < 50 ", "| <= 50 ")], "nilai untuk Cukup, 50 persen, kini tidak termasuk"),
        ([("parameters/indeks.yaml", "value: 1.0000", "value: 1.25")], "indeks: naik dari 1 ke 1,25 mulai 1 Januari 2025"),
        ([("parameters/tarif.yaml", "7: 7000", "7: 7500000")], "tarif(7): naik dari Rp 7.000 ke Rp 7.500.000"),
        ([("standards/operator.yaml", "target: 95", "target: 97.5")], "standar operator: target A-1 naik dari 95 ke 97,5"),
        ([("vocabulary.yaml", "range: 1..15", "range: 1..14"), ("parameters/tarif.yaml", "range: 1..15", "range: 1..15")],
         "kasus.kelas: nilai terbesar turun dari 15 ke 14"),
        ([("decisions/capaian.yaml", "target > 0", "target > 1")], "capaian: prasyarat target_nol: target > 1"),
        ([("decisions/nilai.yaml", "/ 100\n", "/ 50\n")], "nilai: rumus nilai berubah dari"),
        ([(P, "Pasal 1", "Pasal 9")], "predikat: dasar hukum berubah dari Perwali 1/2020 Pasal 1 menjadi Perwali 1/2020 Pasal 9"),
    ],
)  # fmt: skip
def test_sentences(rules: Rules, edits: list[tuple[str, str, str]], sentence: str) -> None:
    assert any(sentence in line for line, _ in changes(rules, *edits)), changes


def test_a_gap_and_an_overlap_are_said_in_words_not_as_codes(rules: Rules) -> None:
    file = "decisions/predikat.yaml"
    for new, said in [("[60..90)", "kini tidak kena baris mana pun"), ("[40..90)", "kini kena lebih dari satu baris")]:
        assert said in " ".join(text for text, _ in changes(rules, (file, "[50..90)", new)))
        rules.change(file, new, "[50..90)")


def test_a_new_version_counts_from_its_first_day(rules: Rules) -> None:
    before = policy_of(rules)
    rules.change(D, "{from: 2022-01-01}", "{from: 2022-01-01, to: 2026-12-31}")
    rules.write(
        "decisions/potongan-2027.yaml", POTONGAN.replace("{from: 2022-01-01}", "{from: 2027-01-01}").replace("0.5 ", "0.75")
    )
    rules.write("standards/baru.yaml", STANDAR.replace("standard: operator", "standard: baru").replace("[operator]", "[penata]"))
    found = compare(before, policy_of(rules))
    lines = [change.line("id") for change in found]
    assert "potongan: last day in force changes from without end to 31 December 2026" in [change.line("en") for change in found]
    assert "standar baru: standar baru untuk penata mulai 1 Januari 2022" in lines
    assert "potongan: hari terakhir berlaku berubah dari tanpa batas menjadi 31 Desember 2026" in lines
    assert any(
        line.startswith(
            "potongan: persen naik dari 0,5 persen ke 0,75 persen untuk [1..30] mulai 1 Januari 2027 — contoh: terlambat = 1"
        )
        for line in lines
    )


@pytest.mark.parametrize(("file", "old", "new"), OTHER, ids=range(len(OTHER)))
def test_every_change_of_meaning_is_said(rules: Rules, file: str, old: str, new: str) -> None:
    assert changes(rules, (file, old, new))


@pytest.mark.parametrize(("file", "old", "new"), SAME, ids=range(len(SAME)))
def test_nothing_is_said_where_nothing_changes(rules: Rules, file: str, old: str, new: str) -> None:
    assert changes(rules, (file, old, new)) == []


def test_where_a_name_is_used(rules: Rules) -> None:
    policy = policy_of(rules)
    assert [(use.decision, use.how_en) for use in where_used(policy, "menit")] == [
        ("tunjangan", "as input menit"),
        ("tunjangan", "in step dipotong"),
    ]
    assert where_used(policy, "kasus.menit") == where_used(policy, "menit")
    assert [use.how_en for use in where_used(policy, "indeks")] == ["in step tunjangan"]
    assert [use.decision for use in where_used(policy, "capaian.capaian")] == ["nilai"]
    assert [use.decision for use in where_used(policy, "potongan")] == ["tunjangan"]
    assert where_used(policy, "tunjangan.tunjangan") == ()
    with pytest.raises(InputError) as caught:
        where_used(policy, "menitt")
    assert "did you mean" in caught.value.text_en


def test_why_a_row_is_not_hit(rules: Rules) -> None:
    policy = policy_of(rules)
    answer = why_not(policy, "predikat#1", {"nilai": Fraction(60), "perilaku": "sesuai"})
    assert [(column.name, column.passes) for column in answer.columns] == [("nilai", False), ("perilaku", True)]
    assert (
        answer.line("en")
        == "decisions/predikat.yaml:14:3: predikat#1 is not hit: nilai = 60, the cell asks >= 90; hit instead: predikat#3"
    )
    assert why_not(policy, "predikat#3", {"nilai": Fraction(60), "perilaku": "sesuai"}).line("id").endswith("predikat#3 kena")
    with pytest.raises(InputError, match="predikat#9"):
        why_not(policy, "predikat#9", {})


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_why_not_from_a_whole_case(rules: Rules, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(
        json.dumps(
            {
                "kasus": {"kelas": 9, "perilaku": "sesuai", "menit": []},
                "butir": [{"kode": "A", "target": 100, "realisasi": 60, "bobot": 100}],
            }
        )
    )
    result = run("why-not", "predikat#1", facts, rules.root, "--en")
    assert result.exit_code == 0, result.output
    assert "predikat#1 is not hit: nilai = 60, the cell asks >= 90; hit instead: predikat#3" in result.stdout
    result = run("why-not", "potongan#1", facts, rules.root)
    assert result.exit_code in (0, 2)
    facts.write_text('{"nilai": 95}')
    result = run("why-not", "predikat#1", facts, rules.root)
    assert result.exit_code == 2
    assert "fakta_hilang" in result.stderr


def test_diff_and_where_on_the_command_line(rules: Rules, tmp_path: Path) -> None:
    other = Rules(tmp_path / "lain")
    other.change(D, "| 1.25   |", "| 2      |")
    result = run("diff", rules.root, other.root)
    assert result.exit_code == 0
    assert "potongan: persen naik dari 1,25 persen ke 2 persen untuk > 30" in result.stdout
    document = json.loads(run("diff", rules.root, other.root, "--json").stdout)
    assert document["fingerprints"]["old"] != document["fingerprints"]["new"]
    assert len(document["changes"]) == 1
    assert f"{rules.root}/incentives/tunjangan.yaml:" in run("where", "indeks", rules.root).stdout
    assert run("where", "indek", rules.root).exit_code == 2


def test_a_markdown_document_for_a_hearing(rules: Rules) -> None:
    page = as_markdown(policy_of(rules))
    assert "### Predikat (`predikat`)" in page
    assert "| 1 | >= 90 | di_atas, sesuai | Baik |  |" in page
    assert "| 7 kelas | Rp 7.000 |" in page or "| 7 | Rp 7.000 |" in page
    assert "- Dasar: Perwali 1/2020 Pasal 1 (kebijakan kota)" in page
    for block in re.findall(r"(?:^\|.*\n)+", page, re.M):
        assert len({line.replace("\\|", "").count("|") for line in block.splitlines()}) == 1
    assert run("show", rules.root, "--markdown").stdout == page


def test_the_day_of_a_worked_case_is_shown(rules: Rules) -> None:
    rules.change("decisions/predikat.yaml", "perilaku: sesuai}, expect", "perilaku: sesuai}, on: 2024-06-30, expect")
    assert "| nilai = 90, perilaku = sesuai; pada 30 Juni 2024 | predikat = Baik |" in as_markdown(policy_of(rules))


def test_the_graph_is_drawn_without_a_line_behind_a_box(rules: Rules) -> None:
    picture = draw(policy_of(rules))
    root = ElementTree.fromstring(picture)
    space = "{http://www.w3.org/2000/svg}"
    boxes = [
        (float(r.get("x", 0)), float(r.get("y", 0)), float(r.get("width", 0)), float(r.get("height", 0)))
        for r in root.iter(space + "rect")
    ]
    assert len(boxes) == 5 + 2 + 2
    lanes = [p.get("d", "") for p in root.iter(space + "path") if "H" in p.get("d", "")]
    for lane in lanes:
        x, y = map(float, lane[1:].split(" ")[0].split(","))
        assert not [box for box in boxes if box[0] == x and box[1] <= y <= box[1] + box[3]]
    assert {title.text for title in root.iter(space + "title")} >= {"Predikat", "Tarif kelas", "Kasus"}
    only = ElementTree.fromstring(run("show", rules.root, "--svg", "--goal", "nilai").stdout)
    assert len(list(only.iter(space + "rect"))) == 3


@pytest.mark.slow
def test_shipped_rules_compare_equal_to_themselves() -> None:
    folder = Path(__file__).parents[2] / "rules"
    first, second = check_policy(folder).policy, check_policy(folder).policy
    assert first is not None
    assert second is not None
    assert compare(first, second) == ()
