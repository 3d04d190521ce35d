"""The strict dialect: exact rationals, and errors that name what was expected, with their span."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from kinerja.core.errors import RuleError
from kinerja.feel import STRICT, FeelError, FeelFunction, compile_expression, compile_tests, parse_expression, parse_tests

Run = Callable[..., Any]
Failure = Callable[..., FeelError]


def test_numbers_are_exact(strict: Run) -> None:
    assert strict("0.1 + 0.2") == Fraction(3, 10)
    assert strict("1 / 3 * 3") == 1
    assert strict("4 * 0.5 * 3.75 * (1 / 12)") == Fraction(5, 8)
    assert strict("2 ** -2") == Fraction(1, 4)
    assert strict("(-1) ** 999999999") == -1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("round half up(2.5)", 3),
        ("round half up(-2.5)", -3),
        ("round half down(2.5)", 2),
        ("round half down(-2.5)", -2),
        ("round up(1.001, 2)", Fraction(101, 100)),
        ("round up(-1.001, 2)", Fraction(-101, 100)),
        ("round down(-1.009, 2)", -1),
        ("decimal(2.5, 0)", 2),
        ("decimal(3.5, 0)", 4),
        ("floor(-1.55, 1)", Fraction(-16, 10)),
        ("ceiling(-1.55, 1)", Fraction(-15, 10)),
        ("round half up(1250, -2)", 1300),
        ("round half up(7 / 3, 4)", Fraction(23333, 10000)),
        ("modulo(-7, 3)", 2),
        ("abs(-1.5)", Fraction(3, 2)),
    ],
)
def test_rounding(strict: Run, text: str, value: Fraction) -> None:
    assert strict(text) == value


@pytest.mark.parametrize(
    ("text", "code", "span", "english"),
    [
        ("1 / (2 - 2)", "pembagian_nol", (0, 11), "division by zero"),
        ("modulo(1, 0)", "pembagian_nol", (0, 12), "division by zero"),
        ("1 + null", "nilai_null", (0, 8), "null where number is expected"),
        ("null < 1", "nilai_null", (0, 8), "null"),
        ('1 + "a"', "tipe_salah", (0, 7), 'expected number, found string "a"'),
        ('"a" < 1', "tipe_salah", (0, 7), "expected string"),
        ('1 = "1"', "tipe_salah", (0, 7), "expected number"),
        ("if 1 then 2 else 3", "tipe_salah", (3, 4), "expected boolean"),
        ("true and null", "nilai_null", (9, 13), "null where boolean"),
        ("nilay + 1", "nama_tidak_dikenal", (0, 5), 'unknown name "nilay"'),
        ("kasus.nilay", "nama_tidak_dikenal", (0, 11), 'unknown name "nilay"'),
        ("roundup(1, 2)", "nama_tidak_dikenal", (0, 7), "unknown name"),
        ("[1, 2][3]", "indeks_di_luar_rentang", (0, 9), "position 3 is outside a list of 2"),
        ("[1, 2][0]", "indeks_di_luar_rentang", (0, 9), "position 0"),
        ("min([])", "daftar_kosong", (0, 7), "empty list"),
        ("mean([])", "daftar_kosong", (0, 8), "empty list"),
        ("sum([1, null])", "nilai_null", (0, 14), "null where number"),
        ("round half up(1)[1]", "tipe_salah", (0, 16), "expected list"),
        ("sqrt(2)", "hasil_tidak_bulat", (0, 7), "not an exact rational"),
        ("2 ** 0.5", "hasil_tidak_bulat", (0, 8), "not an exact rational"),
        ('date("2026-02-30")', "nilai_tidak_sah", (0, 18), "is not a date"),
        ("now()", "waktu_tidak_tetap", (0, 5), "clock"),
        ("abs(1, 2)", "argumen_salah", (0, 9), "abs(n)"),
        ("(function(a) a)(1, 2)", "argumen_salah", (0, 21), "takes 1 arguments, 2 given"),
        ("1(2)", "tipe_salah", (0, 4), "expected function"),
        ("some i in [1] satisfies i", "tipe_salah", (24, 25), "expected boolean"),
        ("for i in 5 return i", "tipe_salah", (9, 10), "expected list"),
        ("function(a) external {}", "fungsi_luar", (0, 23), "not run"),
    ],
)
def test_errors_have_a_code_a_span_and_say_what_was_expected(
    failure: Failure, text: str, code: str, span: tuple[int, int], english: str
) -> None:
    error = failure(text, {"nilai": Fraction(1), "kasus": {"nilai": Fraction(1)}})
    assert error.code == code
    assert error.span is not None
    assert (error.span.start, error.span.end) == span
    assert english in error.text_en
    assert error.text_id != error.text_en
    assert isinstance(error, RuleError)


def test_types_are_named_in_both_languages(failure: Failure) -> None:
    error = failure('1 + "date"')
    assert error.text_id == '“+”: diharapkan angka, ditemukan teks "date"'
    assert error.text_en == '"+": expected number, found string "date"'
    assert "durasi hari dan jam" in failure('@"P1D" < 1').text_id


def test_a_misspelt_name_is_met_with_the_nearest(failure: Failure) -> None:
    assert failure("nilay + 1", {"nilai": 1}).remedy_en == 'did you mean "nilai"?'
    assert failure("roundup(1)").remedy_en == 'did you mean "round up"?'


def test_null_is_only_compared_with_equals(strict: Run) -> None:
    assert strict("x = null", {"x": None}) is True
    assert strict("x != null", {"x": Fraction(1)}) is True
    assert strict("if x = null then 0 else x", {"x": None}) == 0
    assert strict("x != null and x > 1", {"x": None}) is False  # the right side is not looked at


def test_empty_sum_is_zero(strict: Run) -> None:
    assert strict("sum([])") == 0
    assert strict("count([])") == 0


def test_lists_and_contexts(strict: Run) -> None:
    items = [{"kode": "A", "nilai": 80}, {"kode": "B", "nilai": 90}]
    assert strict("sum(for i in butir return i.nilai)", {"butir": items}) == 170
    assert strict('butir[kode = "B"].nilai', {"butir": items}) == [90]
    assert strict('butir[kode = "B"][1].nilai', {"butir": items}) == 90
    assert strict("every i in butir satisfies i.nilai >= 80", {"butir": items}) is True
    assert strict("{a: 1, b: a + 1}.b") == 2
    assert strict("for i in 3..1 return i") == [3, 2, 1]
    assert strict("for i in 1..4 return if i = 1 then 1 else i * partial[-1]") == [1, 2, 6, 24]
    assert strict("for a in [1, 2], b in [a, 10] return a * b") == [1, 10, 4, 20]
    assert strict("sort(xs, function(a, b) a > b)", {"xs": [1, 3, 2]}) == [3, 2, 1]


def test_python_values_in_and_out(strict: Run) -> None:
    day = date(2026, 1, 31)
    assert strict('hari + duration("P1M")', {"hari": day}) == date(2026, 2, 28)
    assert strict("hari - date(2026, 1, 1)", {"hari": day}) == timedelta(days=30)
    assert strict("[hari, 1]", {"hari": day}) == [day, Fraction(1)]
    with pytest.raises(TypeError, match="not a FEEL value: float"):
        strict("x", {"x": 0.1})


def test_python_functions_are_called_by_position_and_by_name(strict: Run) -> None:
    seen: list[Any] = []

    def tarif(kelas: Fraction, hari: date) -> dict[str, Any]:
        seen.append(hari)
        return {"rupiah": kelas * 1000}

    scope = {"tarif": FeelFunction(["kelas", "hari"], tarif), "hari": date(2026, 1, 1)}
    assert strict("tarif(3, hari).rupiah", scope) == 3000
    assert strict("tarif(hari: hari, kelas: 4).rupiah", scope) == 4000
    assert seen == [date(2026, 1, 1)] * 2


def test_an_error_from_a_python_function_keeps_its_own_code() -> None:
    def target(_: Fraction) -> Fraction:
        raise RuleError("target_nol", "target nol", "the target is zero")

    run = compile_expression(parse_expression("f(1) + 1"), STRICT)
    with pytest.raises(RuleError) as caught:
        run({"f": FeelFunction(["x"], target)})
    assert caught.value.code == "target_nol"


@pytest.mark.parametrize(
    ("cell", "passing", "failing"),
    [
        ("[76.61..88.31)", ["76.61", "88.3099"], ["76.6", "88.31", None]),
        ("< 5, > 10", ["4.9", "11"], ["5", "10", None]),
        ("not(1, 2)", ["3"], ["1", "2", None]),
        ("null", [None], ["0"]),
        ("null, 0", [None, "0"], ["1"]),
        ("not(null)", ["1"], [None]),
        ("-", ["1", None], []),
        ("? > 3 and ? < 5", ["4"], ["3", "5"]),
        ("batas, > 2 * batas", ["10", "21"], ["20"]),
        ("[1, 2, 3]", ["2"], ["4", None]),
        ("!= 5", ["4"], ["5"]),
    ],
)
def test_cells(cell: str, passing: list[str | None], failing: list[str | None]) -> None:
    passes = compile_tests(parse_tests(cell, ["batas"]), STRICT)
    scope = {"batas": 10}
    for text in passing:
        assert passes(None if text is None else Fraction(text), scope) is True, text
    for text in failing:
        assert passes(None if text is None else Fraction(text), scope) is False, text


def test_a_cell_of_another_type_is_an_error() -> None:
    with pytest.raises(FeelError) as caught:
        compile_tests(parse_tests('"A"'), STRICT)(Fraction(1), {})
    assert caught.value.code == "tipe_salah"
