"""What enters a case: typed by the vocabulary, exact, complete; each refusal names the fact."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kinerja.core.errors import InputError
from kinerja.core.exactjson import loads
from kinerja.policy import Policy, admit_case, admit_given

from .conftest import Rules

CASE = """{"kasus": {"kelas": 9, "perilaku": "sesuai", "menit": [10, null, 0]},
           "butir": [{"kode": "A", "target": 95.5, "realisasi": null, "bobot": 60},
                     {"kode": "B", "target": 100, "realisasi": 90.0001, "bobot": 40}]}"""


@pytest.fixture
def policy(rules: Rules) -> Policy:
    found = rules.check().policy
    assert found is not None
    return found


def refused(policy: Policy, document: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        admit_case(policy, document, "facts.json")
    assert caught.value.place is not None
    assert caught.value.place.file == "facts.json"
    return caught.value


def test_a_case_is_typed_and_exact(policy: Policy) -> None:
    facts = admit_case(policy, loads(CASE))
    assert facts.kasus == {"kelas": Fraction(9), "perilaku": "sesuai", "menit": (Fraction(10), None, Fraction(0)), "ikm": None}
    assert facts.items["butir"][1]["realisasi"] == Fraction("90.0001")
    assert facts.items["butir"][0]["realisasi"] is None


def test_a_list_of_items_may_be_absent(policy: Policy) -> None:
    document = loads(CASE)
    del document["butir"]
    assert admit_case(policy, document).items["butir"] == ()


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("9", 'expected a number, found "9"'),
        (True, "expected a number, found true"),
        ([Fraction(1, 2)], "expected a number, found [0.5]"),
        ({"a": Fraction(1)}, 'expected a number, found {"a":1}'),
        ("x" * 1000, f'expected a number, found "{"x" * 39}…'),
        (Fraction(10**300), f"1{'0' * 39}… is outside 1..15"),
    ],
)
def test_what_was_found_is_shown_as_the_file_writes_it_and_cut(policy: Policy, value: Any, found: str) -> None:
    assert found in str(refused(policy, change("kasus.kelas", value)))


def test_a_name_of_any_length_stays_a_message(policy: Policy) -> None:
    assert len(refused(policy, change(f"kasus.{'z' * 20_000}", 1)).line()) < 500


def change(path: str, value: Any) -> Any:
    document = loads(CASE)
    here = document
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        here = here[step]
    if value is ...:
        del here[last]
    else:
        here[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "code", "fact"),
    [
        ("kasus.perilaku", None, "fakta_hilang", "kasus.perilaku"),
        ("kasus.perilaku", ..., "fakta_hilang", "kasus.perilaku"),
        ("kasus.perilaku", "sesuaii", "nilai_tidak_dikenal", "kasus.perilaku"),
        ("kasus.kelas", 16, "di_luar_rentang", "kasus.kelas"),
        ("kasus.kelas", Fraction(3, 2), "terlalu_banyak_desimal", "kasus.kelas"),
        ("kasus.kelas", "9", "tipe_salah", "kasus.kelas"),
        ("kasus.kelas", True, "tipe_salah", "kasus.kelas"),
        ("kasus.kelas", 9.0, "tipe_salah", "kasus.kelas"),
        ("kasus.menit", 5, "tipe_salah", "kasus.menit"),
        ("kasus.menit.1", 1441, "di_luar_rentang", "kasus.menit[2]"),
        ("kasus.klas", 3, "fakta_tidak_dikenal", "kasus.klas"),
        ("indikator", [], "fakta_tidak_dikenal", "indikator"),
        ("kasus", ..., "fakta_hilang", "kasus"),
        ("kasus", [], "tipe_salah", "kasus"),
        ("butir", {}, "tipe_salah", "butir"),
        ("butir.0", 1, "tipe_salah", "butir[1]"),
        ("butir.0.target", ..., "fakta_hilang", "butir[A].target"),
        ("butir.0.target", Fraction("95.00001"), "terlalu_banyak_desimal", "butir[A].target"),
        ("butir.0.bobot", -1, "di_luar_rentang", "butir[A].bobot"),
        ("butir.0.kode", ..., "fakta_hilang", "butir[1].kode"),
        ("butir.1.kode", "A", "kode_ganda", "butir[A].kode"),
        ("butir.0.realisai", 1, "fakta_tidak_dikenal", "butir[A].realisai"),
    ],
)
def test_refusals_name_the_fact(policy: Policy, path: str, value: Any, code: str, fact: str) -> None:
    error = refused(policy, change(path, value))
    assert (error.code, error.details["fact"]) == (code, fact)
    assert fact in error.text_id
    assert fact in error.text_en
    assert error.remedy_id
    assert error.remedy_en


def test_constraints_of_the_vocabulary_hold(rules: Rules) -> None:
    rules.change(
        "vocabulary.yaml",
        "goals:",
        "    constraints:\n      - {that: realisasi <= 2 * target, id: realisasi tidak masuk akal, en: implausible actual}\ngoals:",
    )
    policy = rules.check().policy
    assert policy is not None
    assert len(admit_case(policy, loads(CASE)).items["butir"]) == 2
    error = refused(policy, change("butir.1.realisasi", 201))
    assert (error.code, error.text_id) == ("kendala_dilanggar", "butir[B]: realisasi tidak masuk akal")


def test_a_constraint_over_an_unknown_fact(rules: Rules) -> None:
    rules.change("vocabulary.yaml", "goals:", "    constraints: [{that: realisai > 0, id: x}]\ngoals:")
    assert [found.code for found in rules.check().errors] == ["R020"]


def test_an_unknown_fact_is_answered_with_the_near_one(policy: Policy) -> None:
    assert "maksud Anda “kelas”" in refused(policy, change("kasus.klas", 3)).text_id


def test_a_fact_no_goal_needs_may_be_absent_but_not_wrong(policy: Policy, rules: Rules) -> None:
    rules.change("vocabulary.yaml", "source: survei, nullable: true", "source: survei")
    changed = rules.check().policy
    assert changed is not None
    assert admit_case(changed, loads(CASE)).kasus["ikm"] is None
    assert refused(changed, change("kasus.ikm", 3)).code == "di_luar_rentang"


def test_the_inputs_of_one_decision_by_their_local_names(policy: Policy) -> None:
    assert admit_given(policy, "predikat", {"nilai": 90, "perilaku": "sesuai"}) == {"nilai": Fraction(90), "perilaku": "sesuai"}
    assert admit_given(policy, "capaian", {"target": 1}) == {"target": Fraction(1), "realisasi": None}
    assert admit_given(policy, "nilai", {"butir": [{"kode": "A", "capaian": 1, "bobot": 2}]}) == {
        "butir": ({"kode": "A", "bobot": Fraction(2), "capaian": Fraction(1)},)
    }


@pytest.mark.parametrize(
    ("decision", "given", "code"),
    [
        ("predikat", {"nilai": 90}, "fakta_hilang"),
        ("predikat", {"nilai": 90, "perilaku": "sesuai", "kelas": 1}, "fakta_tidak_dikenal"),
        ("predikat", [], "tipe_salah"),
        ("predicat", {}, "keputusan_tidak_dikenal"),
        ("nilai", {"butir": [{"capaian": 1}]}, "fakta_hilang"),
        ("nilai", {"butir": [{"capaian": 1, "bobot": 2, "bobt": 1}]}, "fakta_tidak_dikenal"),
        ("nilai", {"butir": None}, "fakta_hilang"),
        ("nilai", {"butir": [7]}, "tipe_salah"),
    ],
)
def test_refused_inputs(policy: Policy, decision: str, given: Any, code: str) -> None:
    with pytest.raises(InputError) as caught:
        admit_given(policy, decision, given)
    assert caught.value.code == code
