"""A draft against the rules in force: movers, money and distribution, checked against a plain comparison of two runs."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from kinerja.bulk import run
from kinerja.bulk.population import population
from kinerja.bulk.simulate import Simulation, simulate
from kinerja.policy import Policy, load_policy

from .reference import rows_of


@pytest.fixture(scope="module")
def people(policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    population(policy, 400, 2, folder, bad=5)
    return folder


@pytest.fixture(scope="module")
def draft(rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("draft") / "rules"
    shutil.copytree(rules, folder)
    bands = folder / "decisions" / "hasil_kerja.yaml"
    text = bands.read_text("utf-8")
    text = text.replace("| >= 110            |", "| >= 105            |").replace("| [90..110)         |", "| [85..105)         |")
    bands.write_text(text.replace("| [0..90)           |", "| [0..85)           |"), "utf-8")
    shares = folder / "incentives" / "persen_tpp.yaml"
    shares.write_text(shares.read_text("utf-8").replace("| Kurang          | 60     |", "| Kurang          | 50     |"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def found(policy: Policy, draft: Path, people: Path) -> Simulation:
    return simulate(policy, load_policy(draft), people, ceiling=1_000_000)


def test_movers_and_money_are_those_of_two_runs(
    policy: Policy, draft: Path, people: Path, found: Simulation, tmp_path: Path
) -> None:
    run(policy, people, tmp_path / "old")
    run(load_policy(draft), people, tmp_path / "new")
    old = {row["kasus"]: row for row in rows_of(tmp_path / "old" / "hasil.parquet")}
    new = {row["kasus"]: row for row in rows_of(tmp_path / "new" / "hasil.parquet")}
    units = {row["kasus"]: row["unit"] for row in rows_of(people / "kasus.parquet")}
    moves = Counter((old[key]["predikat"], new[key]["predikat"]) for key in old if old[key]["predikat"] != new[key]["predikat"])
    assert moves
    assert {(m.before, m.after): m.cases for m in found.moves if m.output == "predikat"} == moves
    assert all(m.up for m in found.moves if (m.before, m.after) == ("Baik", "Sangat Baik"))
    total = found.total("tpp_bruto")
    assert total is not None
    assert (total.before, total.after) == tuple(sum(row["tpp_bruto"] for row in one.values()) for one in (old, new))
    by_unit = {m.value: (m.cases, m.before, m.after) for m in found.money if (m.output, m.group) == ("tpp_bruto", "unit")}
    for unit in set(units.values()):
        keys = [key for key in old if units[key] == unit]
        assert by_unit[unit] == (len(keys), sum(old[k]["tpp_bruto"] for k in keys), sum(new[k]["tpp_bruto"] for k in keys))
    spread = {s.band: (s.before, s.after) for s in found.spreads if (s.output, s.group) == ("predikat", "")}
    counts = [Counter(row["predikat"] for row in one.values()) for one in (old, new)]
    assert spread == {band: (counts[0][band], counts[1][band]) for band in spread}


def test_sentences_say_what_the_figures_say(found: Simulation) -> None:
    indonesian, english = found.sentences("id"), found.sentences("en")
    assert indonesian[0] == "400 kasus dihitung dua kali: dengan aturan yang berlaku dan dengan rancangan."
    assert len(indonesian) == len(english)
    assert any("di atas pagu Rp 1.000.000." in sentence for sentence in indonesian)
    assert any("Baik menjadi Sangat Baik" in sentence for sentence in indonesian)
    document = found.as_json()
    assert document["ceiling"]["exceeded"] is True
    assert {change["subject"] for change in document["rules"]} >= {"hasil_kerja", "persen_tpp"}


def test_the_same_rules_change_nothing(policy: Policy, people: Path) -> None:
    found = simulate(policy, policy, people)
    assert (found.moved, found.moves, found.changes, found.newly_failed) == (0, (), (), {})
    assert "Tidak seorang pun berpindah predikat." in found.sentences()
    assert all(one.change == 0 for one in found.money)


def test_a_draft_that_leaves_a_gap_names_those_who_fall_into_it(policy: Policy, rules: Path, people: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(rules, folder)
    file = folder / "decisions" / "hasil_kerja.yaml"
    text = file.read_text("utf-8")
    text = text.replace("| [0..90)           |", "| [0..60)           |")
    file.write_text(text, "utf-8")
    found = simulate(policy, load_policy(folder), people)
    assert set(found.newly_failed) == {"tidak_ada_baris"}
    assert found.newly_failed["tidak_ada_baris"] == found.before.answered - found.both > 0
    assert any("kini gagal: tidak_ada_baris" in sentence for sentence in found.sentences())
