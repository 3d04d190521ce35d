"""Types before values: what is certainly wrong is named, what may be right is left alone."""

from __future__ import annotations

import pytest

from kinerja.feel import infer, infer_tests, names_used, parse_expression, parse_tests
from kinerja.feel.types import BOOLEAN, DATE, NUMBER, STRING, Type, context_of, function_of, list_of

TYPES: dict[str, Type] = {
    "x": NUMBER,
    "s": STRING,
    "b": BOOLEAN,
    "hari": DATE,
    "daftar": list_of(NUMBER),
    "butir": list_of(context_of({"kode": STRING, "capaian": NUMBER})),
    "potongan": function_of((NUMBER,), context_of({"persen": NUMBER})),
}


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("x + 1", "number"),
        ("s + s", "string"),
        ('hari + duration("P1D")', "date"),
        ("hari - hari", "days and time duration"),
        ("x > 1 and b", "boolean"),
        ("sum(daftar)", "number"),
        ("max(daftar)", "number"),
        ("max(x, 2)", "number"),
        ("append(daftar, 1)", "list<number>"),
        ("daftar[1]", "number"),
        ("daftar[item > 1]", "list<number>"),
        ('butir[kode = "A"].capaian', "list<number>"),
        ("for i in butir return i.capaian * 2", "list<number>"),
        ("potongan(x).persen", "number"),
        ("if b then 1 else 2", "number"),
        ("if b then 1 else null", "number"),
        ('if b then 1 else "a"', "Any"),
        ("{a: x, c: a > 1}", "context<a: number, c: boolean>"),
        ("[1..5]", "range<number>"),
        ("hari.year", "number"),
        ("some i in butir satisfies i.capaian > 1", "boolean"),
        ("string(x) + s", "string"),
    ],
)
def test_types(text: str, type_: str) -> None:
    found, errors = infer(parse_expression(text, TYPES), TYPES)
    assert errors == []
    assert str(found) == type_


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("x + s", "tipe_salah", "s"),
        ("x + nilay", "nama_tidak_dikenal", "nilay"),
        ("sum(s)", "tipe_salah", "s"),
        ("potongan(s)", "tipe_salah", "s"),
        ("potongan(1, 2)", "argumen_salah", "potongan(1, 2)"),
        ("potongan(x).persn", "nama_tidak_dikenal", "potongan(x).persn"),
        ("for i in butir return i.cap", "nama_tidak_dikenal", "i.cap"),
        ("butir[kode = 1]", "tipe_salah", "kode = 1"),
        ("if x then 1 else 2", "tipe_salah", "x"),
        ("x and b", "tipe_salah", "x"),
        ("null + 1", "nilai_null", "null"),
        ("x in [1..s]", "tipe_salah", "[1..s]"),
        ("s in [1..5]", "tipe_salah", "[1..5]"),
        ("round half up()", "argumen_salah", "round half up()"),
        ("hari.yaer", "nama_tidak_dikenal", "hari.yaer"),
        ("x.y", "tipe_salah", "x"),
        ("x[1]", "tipe_salah", "x"),
        ("x instance of nomor", "nama_tidak_dikenal", "nomor"),
        ('@"2026-02-30"', "nilai_tidak_sah", '@"2026-02-30"'),
        ("-s", "tipe_salah", "-s"),
        ("b < b", "tipe_salah", "b < b"),
        ("for i in x return i", "tipe_salah", "x"),
    ],
)
def test_certain_errors(text: str, code: str, part: str) -> None:
    _, errors = infer(parse_expression(text, TYPES), TYPES)
    assert [error.code for error in errors] == [code]
    span = errors[0].span
    assert span is not None
    assert text[span.start : span.end] == part


@pytest.mark.parametrize(
    ("cell", "type_", "codes"),
    [
        ("[1..5]", NUMBER, []),
        ("-", NUMBER, []),
        ("null, 5", NUMBER, []),
        ('not("A", "B")', STRING, []),
        ('"A"', NUMBER, ["tipe_salah"]),
        ('> "x"', NUMBER, ["tipe_salah"]),
        ("A", STRING, ["nama_tidak_dikenal"]),
        ("[5..1]", NUMBER, ["nilai_tidak_sah"]),
        ("? > 1 and ? < x", NUMBER, []),
        ("? + 1", NUMBER, ["tipe_salah"]),
        ("daftar", NUMBER, []),
        ("76,61", NUMBER, []),
    ],
)
def test_cells(cell: str, type_: Type, codes: list[str]) -> None:
    assert [error.code for error in infer_tests(parse_tests(cell, TYPES), type_, TYPES)] == codes


def test_names_from_outside() -> None:
    text = "for i in butir return i.capaian * bobot + {a: c, d: a}.d + sum(daftar[item > batas])"
    assert names_used(parse_expression(text)) == {"butir", "bobot", "c", "sum", "daftar", "batas"}
