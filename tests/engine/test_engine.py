"""The engine's face: outside cases, named errors, dates, order, many at once."""

from __future__ import annotations

import threading
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.core import exactjson
from kinerja.core.errors import IncidentError, InputError, KinerjaError, RuleError
from kinerja.core.findings import Finding, Outcome
from kinerja.engine import Engine, agree
from kinerja.policy import Policy, run_examples


def case(**changes: Any) -> dict[str, Any]:
    kasus = {
        "kelas_jabatan": Fraction(9),
        "jenjang": "Ahli Muda",
        "bulan": Fraction(12),
        "perilaku_kerja": "sesuai",
        "menit_terlambat": [Fraction(10), Fraction(45), None],
        "hari_absen": Fraction(0),
    }
    return {"kasus": {**kasus, **changes}, "indikator": [indicator("A", 95, 60), indicator("B", 97, 40)]}


def indicator(code: str, actual: int | str | None, weight: int = 100, **changes: Any) -> dict[str, Any]:
    value = None if actual is None else Fraction(actual)
    item = {"kode": code, "polaritas": "lebih_tinggi", "target": Fraction(95), "target_atas": None, "realisasi": value}
    return {**item, "bobot": Fraction(weight), **changes}


def test_outside_cases_answer_as_written(city_engine: Engine, shared: Path) -> None:
    cases = exactjson.load(shared / "cases" / "kotalama.json")
    questions = [(one["decision"], one["given"], None) for one in cases]
    wrong = []
    for one, result in zip(cases, city_engine.decide_many(questions), strict=True):
        if one["expect"].get("error"):
            if not isinstance(result, KinerjaError) or isinstance(result, IncidentError):
                wrong.append(one["id"])
        elif isinstance(result, KinerjaError) or any(result.outcome.outputs.get(k) != v for k, v in one["expect"].items()):
            wrong.append(one["id"])
    assert wrong == []
    assert len(cases) > 100


def test_worked_cases_of_the_rule_files_pass(city: Policy, city_engine: Engine) -> None:
    run = run_examples(city, city_engine.decide)
    assert [str(result.example.place) for result in run.failed] == []
    assert len(run.results) > 200


def test_a_whole_case(city_engine: Engine) -> None:
    finding = city_engine.evaluate(case())
    outputs = finding.outcome.outputs
    assert outputs["nilai_hasil_kerja"] == Fraction("100.844")
    assert outputs["predikat"] == "Baik"
    assert outputs["tpp_dasar"] == 5_532_975
    assert outputs["persen_disiplin"] == 97
    assert outputs["tpp_bruto"] == outputs["produktivitas"] + outputs["disiplin"]
    assert outputs["angka_kredit"] == 25
    assert finding.outcome.items["indikator"] == ({"kode": "A", "capaian": 100}, {"kode": "B", "capaian": Fraction("102.11")})
    assert finding.release.fingerprint == city_engine.policy.fingerprint
    assert exactjson.loads(exactjson.dumps(finding.as_json()))["outputs"]["tpp_dasar"] == 5_532_975


def test_items_come_back_in_the_order_given(city_engine: Engine) -> None:
    document = case()
    document["indikator"] = document["indikator"][::-1]
    assert [item["kode"] for item in city_engine.evaluate(document).outcome.items["indikator"]] == ["B", "A"]


def test_no_jenjang_no_credit(city_engine: Engine) -> None:
    assert city_engine.evaluate(case(jenjang=None)).outcome.outputs["angka_kredit"] is None


def test_an_unrated_indicator_has_no_achievement_and_its_weight_is_spread_again(city_engine: Engine) -> None:
    document = case()
    document["indikator"][1]["realisasi"] = None
    finding = city_engine.evaluate(document)
    assert finding.outcome.items["indikator"][1]["capaian"] is None
    assert finding.outcome.outputs["nilai_hasil_kerja"] == 100


@pytest.mark.parametrize(
    ("spoil", "code", "fact"),
    [
        (lambda d: d["kasus"].update(perilaku_kerja=None), "fakta_hilang", "kasus.perilaku_kerja"),
        (lambda d: d["kasus"].pop("perilaku_kerja"), "fakta_hilang", "kasus.perilaku_kerja"),
        (lambda d: d["kasus"].update(perilaku_kerja="baik"), "nilai_tidak_dikenal", "kasus.perilaku_kerja"),
        (lambda d: d["kasus"].update(bulan=Fraction(13)), "di_luar_rentang", "kasus.bulan"),
        (lambda d: d["kasus"].update(bulan="12"), "tipe_salah", "kasus.bulan"),
        (lambda d: d["kasus"].update(bulan=Fraction(3, 2)), "terlalu_banyak_desimal", "kasus.bulan"),
        (lambda d: d["kasus"].update(asing=1), "fakta_tidak_dikenal", "kasus.asing"),
        (lambda d: d["indikator"][0].update(bobot=Fraction(61)), "bobot_tidak_100", None),
        (lambda d: d["indikator"][0].update(target=Fraction(0)), "target_nol", None),
        (lambda d: d.update(indikator=[]), "tanpa_indikator", None),
    ],
)
def test_named_errors(city_engine: Engine, spoil: Any, code: str, fact: str | None) -> None:
    document = case()
    spoil(document)
    with pytest.raises((InputError, RuleError)) as refusal:
        city_engine.evaluate(document)
    assert refusal.value.code == code
    assert refusal.value.details.get("fact") == fact
    assert refusal.value.text_id
    assert refusal.value.text_en


def test_an_error_of_an_item_names_the_item_its_decision_and_its_place(city_engine: Engine) -> None:
    document = case()
    document["indikator"][1]["target"] = Fraction(0)
    with pytest.raises(RuleError) as refusal:
        city_engine.evaluate(document)
    assert refusal.value.details["item"] == "B"
    assert refusal.value.details["decision"] == "capaian_indikator"
    assert refusal.value.place is not None
    assert "capaian_indikator.yaml" in refusal.value.place.file


def test_an_output_that_does_not_end_is_never_rounded_by_the_engine(engine: Engine) -> None:
    given = {"x": Fraction(-1), "y": None, "teks": "90", "bendera": False, "daftar": []}
    with pytest.raises(RuleError) as refusal:
        engine.decide("galat", given)
    assert refusal.value.code == "hasil_tidak_bulat"
    assert "-1/3" in refusal.value.text_id


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("pita", {"x": Fraction(500)}, "tidak_ada_baris"),
        ("tarif", {"x": Fraction(1000)}, "parameter_tidak_ada"),
        ("bulat", {"x": Fraction("13.13"), "y": None}, "x_khusus"),
        ("bulat", {"x": Fraction(1), "y": Fraction(0)}, "pembagian_nol"),
        ("terkecil", {"x": Fraction(-20), "teks": None}, None),
        ("pita", {}, "fakta_hilang"),
        ("tidak_ada", {}, "keputusan_tidak_dikenal"),
    ],
)
def test_single_decisions_and_their_errors(engine: Engine, name: str, given: dict[str, Any], code: str | None) -> None:
    if code is None:
        assert engine.decide(name, given).outcome.outputs
        return
    with pytest.raises(KinerjaError) as refusal:
        engine.decide(name, given)
    assert refusal.value.code == code


HITS = {"x": Fraction(10), "teks": "Baik"}  # rows 1 to 4 match


@pytest.mark.parametrize(
    ("name", "expected", "rows"),
    [
        ("pertama", "p", "1234"),
        ("prioritas", "q", "1234"),
        ("urut_aturan", ("p", "q", "r", "s"), "1234"),
        ("urut_hasil", ("q", "p", "s", "r"), "1234"),
        ("kumpul", (Fraction("1.5"), 2, 2, Fraction("4.25")), "1234"),
        ("jumlah", Fraction("9.75"), "1234"),
        ("terkecil", Fraction("1.5"), "1234"),
        ("terbesar", Fraction("4.25"), "1234"),
        ("hitung", 4, "1234"),
    ],
)
def test_hit_policies(engine: Engine, name: str, expected: Any, rows: str) -> None:
    finding = engine.decide(name, HITS)
    assert finding.outcome.outputs[name] == expected
    assert finding.outcome.rows == ((name, "", tuple(f"{name}#{row}" for row in rows)),)


def test_dates_choose_parameters_and_flag_what_is_not_in_force(policy: Policy, engine: Engine) -> None:
    given = {"x": Fraction(100)}
    assert engine.decide("tarif", given, date(2025, 12, 31)).outcome.outputs["tarif"] == Fraction("11.25")
    assert engine.decide("tarif", given, date(2026, 1, 1)).outcome.outputs["tarif"] == 25
    assert engine.decide("tarif", given).outcome.outputs["tarif"] == 40  # the latest
    assert engine.decide("pita", given, date(2026, 1, 1)).release.in_force
    assert not engine.decide("pita", given, date(2019, 1, 1)).release.in_force
    with Engine(policy, today=lambda: date(2019, 1, 1)) as early:
        assert not early.decide("pita", given).release.in_force


def test_a_case_is_judged_on_its_own_day_unless_another_is_asked(city_engine: Engine) -> None:
    dated = {**case(), "tanggal_acuan": "2026-12-31"}
    assert city_engine.evaluate(dated).release.on == "2026-12-31"
    assert city_engine.evaluate(dated, date(2025, 12, 31)).release.on == "2025-12-31"
    assert city_engine.evaluate(case()).release.on == ""
    assert city_engine.whatif(dated).now == "Baik"
    with pytest.raises(InputError) as refusal:
        city_engine.evaluate({**case(), "tanggal_acuan": "31-12-2026"}, file="fakta.json")
    assert refusal.value.code == "tanggal_tidak_sah"
    assert str(refusal.value.place) == "fakta.json"


def test_many_keep_their_order_and_survive_failures(city_engine: Engine) -> None:
    documents = [case(bulan=Fraction(n)) for n in range(1, 14)]
    results = list(city_engine.evaluate_many(documents))
    assert [isinstance(result, Finding) for result in results] == [True] * 12 + [False]
    credits = [result.outcome.outputs["angka_kredit"] for result in results if isinstance(result, Finding)]
    assert credits == sorted(credits)


def test_threads_share_an_engine(city_engine: Engine) -> None:
    found: list[Any] = []

    def work(month: int) -> None:
        for _ in range(5):
            found.append((month, city_engine.evaluate(case(bulan=Fraction(month))).outcome.outputs["angka_kredit"]))

    threads = [threading.Thread(target=work, args=(month,)) for month in (3, 6, 12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(found)) == [(3, Fraction("6.25")), (6, Fraction("12.5")), (12, Fraction(25))]


def test_a_difference_is_an_incident_with_both_answers_and_the_facts() -> None:
    one = Outcome({"x": Fraction(1)}, {"butir": ({"kode": "A", "y": 1},)}, (("t", "", ("t#1",)),))
    for other in [
        Outcome({"x": Fraction(2)}, one.items, one.rows),
        Outcome(one.outputs, {"butir": ({"kode": "A", "y": 2},)}, one.rows),
        Outcome(one.outputs, one.items, (("t", "", ("t#2",)),)),
        Outcome({}, one.items, one.rows),
        RuleError("a", "", "", decision="t", item=""),
    ]:
        with pytest.raises(IncidentError) as incident:
            agree.compare(one, other, {"kasus": {"x": Fraction(1)}})
        assert incident.value.code == "mesin_berbeda"
        assert incident.value.details["facts"] == {"kasus": {"x": 1}}
        assert incident.value.details["exact"]["outputs"] == {"x": 1}
        assert incident.value.details["differences"]
        exactjson.dumps(incident.value.as_json())
    agree.compare(one, one, {})


def test_errors_agree_only_with_the_same_code_in_the_same_place() -> None:
    first = RuleError("a", "", "", decision="t", item="A")
    agree.compare(first, RuleError("a", "", "", decision="t", item="A"), {})
    for other in [
        RuleError("b", "", "", decision="t", item="A"),
        RuleError("a", "", "", decision="u", item="A"),
        RuleError("a", "", "", decision="t", item="B"),
    ]:
        with pytest.raises(IncidentError):
            agree.compare(first, other, {})
