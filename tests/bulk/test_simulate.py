"""A draft against the rules in force: movers, money and distribution, checked against a plain comparison of two runs."""

from __future__ import annotations

import shutil
from collections import Counter
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kinerja.bulk import run
from kinerja.bulk.intake import write_documents
from kinerja.bulk.population import population
from kinerja.bulk.simulation import SMALLEST, TOGETHER, Budget, Simulation, charts, runs, simulate
from kinerja.bulk.simulation.compare import PEOPLE
from kinerja.core.numbers import round_half_up
from kinerja.policy import Policy, load_policy

from .parquet import write_population
from .reference import documents_of, rows_of


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


@pytest.mark.slow
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
    assert {(m.before, m.after): m.cases for m in found.moves if m.output == "predikat" and not m.group} == moves
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


# ── months, ceilings, small groups, fairness, kept runs ───────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def months(policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("months")
    population(policy, 60, 2, folder, months=12)
    return folder


@pytest.mark.slow
def test_months_count_an_employee_once_and_their_money_each_month(
    policy: Policy, draft: Path, months: Path, tmp_path: Path
) -> None:
    found = simulate(policy, load_policy(draft), months)
    run(policy, months, tmp_path / "old")
    run(load_policy(draft), months, tmp_path / "new")
    old = {row["kasus"]: row for row in rows_of(tmp_path / "old" / "hasil.parquet")}
    new = {row["kasus"]: row for row in rows_of(tmp_path / "new" / "hasil.parquet")}
    assert (found.cases, found.employees, found.months) == (720, 60, 12)
    december = [key for key in old if key.endswith("/12")]
    moves = Counter(
        (old[key]["predikat"], new[key]["predikat"]) for key in december if old[key]["predikat"] != new[key]["predikat"]
    )
    assert {(m.before, m.after): m.cases for m in found.moves if m.output == "predikat" and not m.group} == moves
    total = found.total("tpp_bruto")
    assert total is not None
    assert total.yearly(total.after) == total.after == sum(row["tpp_bruto"] for row in new.values())
    assert 12 * total.monthly(total.after) == pytest.approx(total.after, abs=6)
    assert {m.month: m.after for m in found.by_month} == {
        f"{month:02}": sum(row["tpp_bruto"] for key, row in new.items() if key.endswith(f"/{month:02}")) for month in range(1, 13)
    }
    assert len({m.before for m in found.by_month}) == 12, "each month has its own attendance"
    assert sum(one.year_after for one in found.people) == total.after
    assert sum(one.month_after for one in found.people) == sum(new[key]["tpp_bruto"] for key in december)


@pytest.mark.slow
def test_a_budget_is_watched(policy: Policy, draft: Path, people: Path) -> None:
    plain = simulate(policy, load_policy(draft), people)
    sums = {m.value: m.yearly(m.after) for m in plain.money if (m.output, m.group) == ("tpp_bruto", "unit")}
    first, second, *_ = sorted(sums)
    budget = Budget({first: sums[first] - 1, second: sums[second]}, basis="Perda APBD")
    found = simulate(policy, load_policy(draft), people, budget=budget)
    assert [(c.value, c.exceeded) for c in found.ceilings] == [(first, True), (second, False)], "no sum: not every agency has one"
    assert any(f"terlampaui di 1 perangkat daerah: {first} Rp 1." in sentence for sentence in found.sentences())
    every = simulate(policy, load_policy(draft), people, budget=Budget(sums))
    assert (every.ceilings[0].value, every.ceilings[0].rupiah, every.ceilings[0].exceeded) == ("", sum(sums.values()), False)
    assert found.as_json()["budget"]["ceilings"][0]["exceeded"] is True


@pytest.mark.slow
def test_small_groups_stand_together(policy: Policy, draft: Path, tmp_path: Path) -> None:
    population(policy, 40, 5, tmp_path)
    found = simulate(policy, load_policy(draft), tmp_path)
    sizes = Counter(row["unit"] for row in rows_of(tmp_path / "kasus.parquet"))
    small = {unit for unit, size in sizes.items() if size < SMALLEST}
    assert small, "the population of this test has agencies under five"
    for group in ("unit", "kelas_jabatan", "jenjang"):
        spreads = [s for s in found.spreads if (s.output, s.group) == ("predikat", group)]
        totals: Counter[str] = Counter()
        for one in spreads:
            totals[one.value] += one.before
        assert min(totals.values()) >= SMALLEST
        assert sum(totals.values()) == 40
    shown = {s.value for s in found.spreads if s.group == "unit"} | {f.value for f in found.fairness if f.group == "unit"}
    assert TOGETHER in shown
    assert not shown & small
    assert found.hidden["unit"] >= len(small)


def test_fairness_is_the_share_of_the_two_best_beside_the_city(
    policy: Policy, draft: Path, people: Path, found: Simulation, tmp_path: Path
) -> None:
    run(load_policy(draft), people, tmp_path / "new")
    run(policy, people, tmp_path / "old")
    old = {row["kasus"]: row for row in rows_of(tmp_path / "old" / "hasil.parquet")}
    new = {row["kasus"]: row["predikat"] for row in rows_of(tmp_path / "new" / "hasil.parquet") if row["kasus"] in old}
    units = {row["kasus"]: row["unit"] for row in rows_of(people / "kasus.parquet")}
    best = {key: predikat in ("Sangat Baik", "Baik") for key, predikat in new.items()}
    city = Fraction(100 * sum(best.values()), len(best))
    for one in (f for f in found.fairness if f.group == "unit" and f.value != TOGETHER):
        own = [best[key] for key in best if units[key] == one.value]
        assert one.cases == len(own)
        assert one.after == round_half_up(Fraction(100 * sum(own), len(own)), 2)
        assert one.apart_after == round_half_up(Fraction(100 * sum(own), len(own)) - city, 2)


@pytest.mark.slow
def test_runs_are_kept_by_rules_and_facts(
    policy: Policy, draft: Path, people: Path, found: Simulation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    real = runs.run
    monkeypatch.setattr(
        runs, "run", lambda policy, *more, **options: ran.append(policy.fingerprint) or real(policy, *more, **options)
    )
    new = load_policy(draft)
    first = simulate(policy, new, people, kept=tmp_path, facts="a", ceiling=1_000_000)
    assert ran == [policy.fingerprint, new.fingerprint]
    again = simulate(policy, new, people, kept=tmp_path, facts="a", ceiling=1_000_000)
    assert len(ran) == 2
    simulate(policy, new, people, kept=tmp_path, facts="b")
    assert len(ran) == 4, "other facts: computed again"
    assert first.as_json() == again.as_json() == found.as_json()


@pytest.mark.slow
def test_people_kept_beside_a_run_stand_row_for_row_with_it(
    policy: Policy, rules: Path, draft: Path, months: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Side by side where both rule sets answer the same cases, by key where a gap leaves some out: the same figures."""
    gap = tmp_path / "celah"
    shutil.copytree(rules, gap)
    bands = gap / "decisions" / "hasil_kerja.yaml"
    bands.write_text(bands.read_text("utf-8").replace("| [0..90) ", "| [0..60) "), "utf-8")
    for number, folder in enumerate((draft, gap)):
        new = load_policy(folder)
        kept = simulate(policy, new, months, kept=tmp_path / "hasil", facts="a").as_json()
        assert kept == simulate(policy, new, months).as_json(), number
    beside = [one.parent.name for one in (tmp_path / "hasil").glob(f"*/{PEOPLE}")]
    assert len(beside) == 1, "the release's run alone"


def test_charts_say_every_figure(found: Simulation) -> None:
    document = found.as_json()
    drawn = charts(document, "en", {"dinkes": "Health <Agency>"})
    assert set(drawn) == {"bands", "money", "fairness"}
    for svg in drawn.values():
        ElementTree.fromstring(svg)
        assert "<script" not in svg
        assert "style=" not in svg
    for one in document["distribution"]:
        if one["output"] == "predikat" and not one["group"]:
            assert f"{one['band']}, draft: {one['after']:,}" in drawn["bands"]
    assert "Health &lt;Agency&gt;" in drawn["money"]
    change = next(m["yearly"]["change"] for m in document["money"] if (m["output"], m["value"]) == ("tpp_bruto", "dinkes"))
    assert f"{change:,}" in drawn["money"]


def test_an_empty_population_is_told(policy: Policy, draft: Path, tmp_path: Path) -> None:
    write_documents(policy, [], tmp_path)
    found = simulate(policy, load_policy(draft), tmp_path)
    assert (found.cases, found.employees, found.moved) == (0, 0, 0)
    assert found.sentences() == ["Belum ada kasus yang dapat dihitung."]


def test_documents_written_are_documents_read(policy: Policy, people: Path, facts: dict[str, set[str]], tmp_path: Path) -> None:
    """The intake loses nothing: written, read and written again, facts are the same."""
    documents = documents_of(people, facts)
    rows = [(key, {"unit": "x"}, one) for key, one in documents.items()]
    assert write_documents(policy, rows, tmp_path, ("unit",)) == 400
    assert documents_of(tmp_path, facts) == documents
    assert {row["unit"] for row in rows_of(tmp_path / "kasus.parquet")} == {"x"}


SCHOOL = {
    "vocabulary.yaml": """title: Sekolah
authority: [{instrument: Uji, part: sekolah, status: policy}]
effective: {from: 2020-01-01}
entities:
  kasus:
    label: {id: Guru, en: Teacher}
    facts:
      jam: {label: {id: Jam, en: Hours}, type: number, unit: jam, scale: 0, range: 0..40, source: uji}
goals: {kasus: [tingkat, saran]}
""",
    "decisions/tingkat.yaml": """title: Tingkat
decision: tingkat
authority: [{instrument: Uji, part: sekolah, status: policy}]
effective: {from: 2020-01-01}
inputs: [jam]
outputs:
  tingkat: {values: [utama, madya]}
table: |
  | jam  | tingkat |
  | > 24 | utama   |
  | <= 24 | madya   |
""",
    "decisions/saran.yaml": """title: Saran
decision: saran
authority: [{instrument: Uji, part: sekolah, status: policy}]
effective: {from: 2020-01-01}
inputs: [jam]
outputs:
  saran: {values: [uji, latih]}
hit: COLLECT
table: |
  | jam  | saran |
  | -    | uji   |
  | < 30 | latih |
""",
}


def test_rules_of_another_trade_are_compared_in_their_own_words(tmp_path: Path) -> None:
    folders = [tmp_path / "now", tmp_path / "draft"]
    for folder, limit in zip(folders, ("24", "23"), strict=True):
        for place, text in SCHOOL.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_text(text.replace("24", limit), "utf-8")
    policy, draft = (load_policy(folder) for folder in folders)
    teachers = {f"G{hours}": {"kasus": {"jam": Fraction(hours)}} for hours in (10, 24, 30, 41)}
    write_population(policy, teachers, tmp_path / "people")
    found = simulate(policy, draft, tmp_path / "people")
    assert {one.output for one in found.spreads} == {"tingkat"}  # a list of remarks is no band
    assert found.sentences("en") == [
        "4 cases were computed twice: with the rules in force and with the draft.",
        "Of these 1 without an answer, before and now, are not counted below.",
        "1 employee moves to another tingkat: 1 up, 0 down.",
        "1 employee moves from madya to utama.",
    ]
    assert "23 hours" in found.changes[0].text_en
    assert simulate(policy, policy, tmp_path / "people").sentences()[-1] == "Tidak seorang pun berpindah tingkat."
