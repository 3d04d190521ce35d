"""The errors of the language: each names its code, what was expected and found, and the span of source it came from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from ..core.errors import RuleError
from .syntax import Span


class FeelError(RuleError):
    """A FEEL text that cannot be read, or a value that cannot be computed. `span` is where in the text."""

    def __init__(
        self, code: str, text_id: str, text_en: str, *, span: Span | None = None, remedy_id: str = "", remedy_en: str = ""
    ) -> None:
        usual_id, usual_en = REMEDIES.get(code, ("", ""))
        super().__init__(code, text_id, text_en, remedy_id=remedy_id or usual_id, remedy_en=remedy_en or usual_en)
        self.span = span

    def at(self, span: Span) -> FeelError:
        """This error, given a span unless it has a narrower one already."""
        if self.span is None:
            self.span = span
        return self


SYNTAX = "sintaks_feel"
UNKNOWN_NAME = "nama_tidak_dikenal"
TYPE = "tipe_salah"
NULL = "nilai_null"
DIVISION_BY_ZERO = "pembagian_nol"
INDEX = "indeks_di_luar_rentang"
ARGUMENTS = "argumen_salah"
VALUE = "nilai_tidak_sah"
EMPTY = "daftar_kosong"
INEXACT = "hasil_tidak_bulat"
LIMIT = "batas_terlampaui"
REMEDIES: dict[str, tuple[str, str]] = {
    SYNTAX: ("perbaiki ekspresi di tempat itu", "mend the expression at that place"),
    TYPE: (
        "ubah nilai, atau pakai fungsi seperti number(…) atau string(…)",
        "change the value, or use a function such as number(…) or string(…)",
    ),
    DIVISION_BY_ZERO: (
        "uji pembagi dahulu, misalnya “if x = 0 then … else …”",
        'test the divisor first, for example "if x = 0 then … else …"',
    ),
    INDEX: ("uji count(…) dahulu", "test count(…) first"),
    ARGUMENTS: ("samakan banyaknya dan nama argumen", "match the number and names of the arguments"),
    VALUE: ("periksa nilainya", "check the value"),
    EMPTY: ("uji count(…) > 0 dahulu", "test count(…) > 0 first"),
    LIMIT: ("pecah menjadi beberapa langkah yang lebih kecil", "split it into several smaller steps"),
}
"""What to do, by code, where an error has nothing narrower to advise."""


def syntax_error(expected_id: str, expected_en: str, found: str, span: Span) -> FeelError:
    found_id, found_en = (f"“{found}”", f'"{found}"') if found else ("akhir teks", "the end of the text")
    return FeelError(
        SYNTAX, f"diharapkan {expected_id}, ditemukan {found_id}", f"expected {expected_en}, found {found_en}", span=span
    )


def unknown_name(name: str, known: Iterable[str], span: Span | None = None) -> FeelError:
    near = get_close_matches(name, [other for other in known if other != "?"], n=1)
    return FeelError(
        UNKNOWN_NAME,
        f"nama “{name}” tidak dikenal",
        f'unknown name "{name}"',
        span=span,
        remedy_id=f"maksudnya “{near[0]}”?" if near else "periksa ejaan atau daftarkan sebagai masukan",
        remedy_en=f'did you mean "{near[0]}"?' if near else "check the spelling or declare it as an input",
    )


_INDONESIAN = {
    "days and time duration": "durasi hari dan jam",
    "years and months duration": "durasi tahun dan bulan",
    "date and time": "tanggal dan jam",
    "both with a zone or both without": "keduanya berzona atau keduanya tidak",
    "a function of two parameters": "fungsi dengan dua parameter",
    "whole numbers": "bilangan bulat",
    "a whole number": "bilangan bulat",
    "number": "angka",
    "string": "teks",
    "boolean": "boolean (true atau false)",
    "date": "tanggal",
    "time": "jam",
    "duration": "durasi",
    "list": "daftar",
    "context": "konteks",
    "range": "rentang",
    "function": "fungsi",
    "type": "tipe",
}
_TYPE_WORDS = re.compile(r'"[^"]*"|\b(?:' + "|".join(sorted(_INDONESIAN, key=len, reverse=True)) + r")\b")


def in_indonesian(types: str) -> str:
    """Names of types in a message put into Indonesian; what stands in quotes stays."""
    return _TYPE_WORDS.sub(lambda match: _INDONESIAN.get(match[0], match[0]), types)


def type_mismatch(where: str, expected: str, found: str, span: Span | None = None) -> FeelError:
    """`where` names the operator or parameter; found "null" has a code of its own."""
    where_en = where.replace("“", '"').replace("”", '"')
    if found == "null":
        return FeelError(
            NULL,
            f"{where}: nilai null, diharapkan {in_indonesian(expected)}",
            f"{where_en}: null where {expected} is expected",
            span=span,
            remedy_id="tangani dahulu, misalnya “if x = null then … else …”",
            remedy_en='handle it first, for example "if x = null then … else …"',
        )
    return FeelError(
        TYPE,
        f"{where}: diharapkan {in_indonesian(expected)}, ditemukan {in_indonesian(found)}",
        f"{where_en}: expected {expected}, found {found}",
        span=span,
    )


def division_by_zero() -> FeelError:
    return FeelError(DIVISION_BY_ZERO, "pembagian dengan nol", "division by zero")


def bad_value(text_id: str, text_en: str) -> FeelError:
    return FeelError(VALUE, text_id, text_en)


def limit_exceeded(what_id: str, what_en: str) -> FeelError:
    return FeelError(LIMIT, f"terlalu besar: {what_id}", f"too large: {what_en}")


def too_deep(span: Span | None = None) -> FeelError:
    return FeelError(LIMIT, "ekspresi bersarang terlalu dalam", "the expression is nested too deeply", span=span)
