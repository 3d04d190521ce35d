"""A case put into the text of a rule file."""

from __future__ import annotations

import pytest
import yaml

from kinerja.core.errors import InputError
from kinerja.policy.casetext import add_case
from kinerja.settings import shipped

TEXT = "title: T\ncases:\n  - {given: {a: 1}, expect: {b: x}}\n\nnote: akhir\n"


def test_it_goes_to_the_end_of_the_cases_and_nowhere_else() -> None:
    after = add_case(TEXT, {"a": "76,61"}, {"b": "Sangat Baik"}, note='kata "dua"')
    line = '  - {given: {a: 76.61}, expect: {b: Sangat Baik}, note: "kata \\"dua\\""}\n'
    assert after == TEXT.replace("\n\nnote", "\n" + line + "\nnote")


@pytest.mark.parametrize("before", ["title: T\n", "title: T\ncases: []\n", "title: T\ncases:\n"])
def test_a_file_without_cases_gets_its_first(before: str) -> None:
    after = add_case(before, {"a": "[10, null, 5]"}, {}, error="fakta_hilang", on="2026-01-31")
    read = yaml.load(after, Loader=yaml.BaseLoader)
    assert read == {"title": "T", "cases": [{"given": {"a": ["10", "null", "5"]}, "on": "2026-01-31", "error": "fakta_hilang"}]}


@pytest.mark.parametrize("hostile", ["}, x: {", "a: b", "# c", "a\nb: c", '"', "&a", "*a", "!t", "[1, }", "{{", "- x", "\\"])
def test_no_value_breaks_out_of_its_case(hostile: str) -> None:
    after = add_case(TEXT, {"a": hostile}, {"b": "x"})
    read = yaml.load(after, Loader=yaml.BaseLoader)
    assert read["cases"][1] == {"given": {"a": " ".join(hostile.split())}, "expect": {"b": "x"}}


def test_an_expectation_is_asked_for() -> None:
    with pytest.raises(InputError, match="kasus_kosong"):
        add_case(TEXT, {"a": "1"}, {})


def test_a_shipped_file_stays_as_it_is_but_for_the_case() -> None:
    text = (shipped("rules") / "decisions" / "hasil_kerja.yaml").read_text("utf-8")
    after = add_case(text, {"nilai_hasil_kerja": "95"}, {"hasil_kerja": "sesuai"})
    assert after == text + "  - {given: {nilai_hasil_kerja: 95}, expect: {hasil_kerja: sesuai}}\n"
