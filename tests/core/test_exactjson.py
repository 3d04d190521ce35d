from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from kinerja.core.errors import InputError
from kinerja.core.exactjson import canonical, digest, dumps, load, loads


def test_numbers_come_back_digit_for_digit() -> None:
    text = '{"a":0.1,"b":102.22,"c":[3920964,-0.000000001,12345678901234567890.123]}'
    assert dumps(loads(text)) == text
    assert loads("0.1") == Fraction(1, 10)


def test_indented_output_reads_back() -> None:
    value = {"a": [1, {"b": None}], "c": [], "d": {}, "e": True, "f": date(2026, 1, 12), "g": "Menimbang: “a”"}
    assert loads(dumps(value, indent=2)) == loads(dumps(value))
    assert "“a”" in dumps(value)


def test_canonical_form_ignores_the_order_of_keys() -> None:
    assert canonical({"b": 1, "a": 2}) == canonical({"a": 2, "b": 1}) == b'{"a":2,"b":1}'
    assert digest([1]) != digest([2])


@pytest.mark.parametrize("text", ["{", '{"a": NaN}', '{"a": 1, "a": 2}', "[1,]", "[" * 100_000, "[" * 150 + "]" * 150, "", "1 2"])
def test_malformed_documents_are_named_with_their_file(text: str) -> None:
    with pytest.raises(InputError) as caught:
        loads(text, file="fakta.json")
    assert caught.value.code == "json_tidak_sah"
    assert str(caught.value.place).startswith("fakta.json:") or caught.value.place.file == "fakta.json"  # type: ignore[union-attr]


def test_the_line_is_named() -> None:
    with pytest.raises(InputError) as caught:
        loads('{\n"a": 1,\n"b" 2}', file="f.json")
    assert caught.value.place is not None
    assert caught.value.place.line == 3


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        ('{"a": 1,\n "b": {"c": 1,\n       "c": 2}}', 3, 8, "json_tidak_sah"),  # a key twice
        ('[{"a": 1}, {"a": 1},\n {"a": [], "a": []}]', 2, 12, "json_tidak_sah"),
        ("[1,\n[2,\n NaN]]", 3, 2, "json_tidak_sah"),
        ("[\n-Infinity]", 2, 1, "json_tidak_sah"),
        ('["NaN",\n "\\"", 1e5000]', 2, 8, "angka_tidak_sah"),
        ("[\n1" + "0" * 5000 + "]", 2, 1, "angka_tidak_sah"),
        ('{"a":\n "\\ud800"}', 2, 2, "json_tidak_sah"),  # half a surrogate pair cannot be printed
        ('{"a":\n "\udcff"}', 2, 2, "json_tidak_sah"),
        ('{"\\uDC00": 1}', 1, 2, "json_tidak_sah"),
        ("[" * 99 + "\n[" + "[", 0, 0, "json_tidak_sah"),
        ("\n" + '{"a":' * 150 + "1" + "}" * 150, 2, 501, "json_tidak_sah"),
    ],
)
def test_what_the_parser_refuses_is_named_with_its_place(text: str, line: int, column: int, code: str) -> None:
    with pytest.raises(InputError) as caught:
        loads(text, file="fakta.json")
    place = caught.value.place
    assert place is not None
    assert place.file == "fakta.json"
    if line:
        assert (caught.value.code, place.line, place.column) == (code, line, column)
    caught.value.line().encode()


def test_what_utf8_cannot_hold_is_written_escaped() -> None:
    assert dumps({"\udcff": "é\udcff"}) == '{"\\udcff":"\\u00e9\\udcff"}'
    assert dumps("é") == '"é"'


def test_whole_pairs_and_written_out_escapes_are_text() -> None:
    assert loads('["\\ud83d\\ude00", "\\\\ud800"]') == ["😀", "\\ud800"]


def test_missing_and_binary_files_are_input_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        load(tmp_path / "tidak-ada.json")
    (tmp_path / "x.json").write_bytes(b'{"a":\n"\xff"}')
    with pytest.raises(InputError) as caught:
        load(tmp_path / "x.json")
    assert (caught.value.code, caught.value.place.line) == ("bukan_utf8", 2)  # type: ignore[union-attr]


@pytest.mark.parametrize("value", [0.5, object(), {"a": {1.5}}])
def test_floats_and_strangers_are_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        dumps(value)
