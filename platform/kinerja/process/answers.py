"""What a person typed into one field, as an exact value. Indonesian and plain notation of numbers and dates are both read."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..core.errors import InputError
from ..core.indonesian import long_date, number
from ..core.numbers import display_text, parse_number, terminates_within

if TYPE_CHECKING:
    from .forms import Field, Vocabulary

YES = {"ya", "true", "on", "1", "yes"}
NO = {"tidak", "false", "off", "0", "no"}
LENGTHS = {"text": 300, "long_text": 4_000, "evidence": 300}
_GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+", re.ASCII)
_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+", re.ASCII)
_LOCAL_DATE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)


def read(question: Field, given: Any, vocabulary: Vocabulary | None) -> Any:
    """str, Fraction, bool, date, or None when left empty; raise InputError with a code that names what is wrong."""
    if question.type == "rubric":
        return None  # the rules give its total
    text = _text(question, given)
    if question.type == "boolean":
        return _boolean(question, text)
    if not text:
        return None
    if question.type == "choice":
        return _choice(question, text, vocabulary)
    if question.type == "number":
        return _number(question, text)
    if question.type == "date":
        return _date(question, text)
    return _long_enough(question, text)


def missing(question: Field) -> InputError:
    if question.type == "boolean":
        return _wrong(question, "belum_disetujui", "harus dicentang", "must be ticked")
    return _wrong(question, "belum_diisi", "belum diisi", "is not filled in")


def shown(value: Any, language: str = "id") -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return ("ya" if value else "tidak") if language == "id" else ("yes" if value else "no")
    if isinstance(value, Fraction):
        return number(value) if language == "id" else display_text(value)
    if isinstance(value, date):
        return long_date(value) if language == "id" else value.isoformat()
    return str(value)


def _text(question: Field, given: Any) -> str:
    if given is None:
        return ""
    if isinstance(given, bool):
        return "ya" if given else "tidak"
    if isinstance(given, Fraction | int):
        return display_text(Fraction(given))
    if isinstance(given, date):
        return given.isoformat()
    if not isinstance(given, str):
        raise _wrong(question, "tipe_salah", "harus berupa teks", "must be text")
    text = unicodedata.normalize("NFC", given.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in text):
        raise _wrong(question, "huruf_tidak_sah", "berisi huruf kendali", "contains control characters")
    return text


def _boolean(question: Field, text: str) -> bool:
    if text.lower() in YES:
        return True
    if not text or text.lower() in NO:
        return False
    raise _wrong(question, "tipe_salah", "jawab ya atau tidak", "answer ya or tidak")


def _choice(question: Field, text: str, vocabulary: Vocabulary | None) -> str:
    values = [option.value for option in question.choices(vocabulary)]
    if text in values:
        return text
    names = ", ".join(values)
    raise _wrong(question, "nilai_tidak_dikenal", f"pilih salah satu: {names}", f"choose one of: {names}")


def _number(question: Field, text: str) -> Fraction:
    compact = text.replace(" ", "")
    if _COMMA.fullmatch(compact):
        compact = compact.replace(".", "").replace(",", ".")
    elif _GROUPED.fullmatch(compact):
        plain = compact.replace(".", "")
        if compact.count(".") == 1 and question.scale >= 3 and not compact.lstrip("+-").startswith("0"):
            comma = compact.replace(".", ",")
            raise _wrong(
                question, "angka_mendua", f"{plain} atau {comma}? tulis salah satunya", f"{plain} or {comma}? write one of them"
            )
        compact = compact if compact.lstrip("+-").startswith("0") else plain
    try:
        value = parse_number(compact)
    except InputError as error:
        raise _wrong(question, "angka_tidak_sah", "tulis angka, misalnya 76,5", "write a number, for example 76.5") from error
    if not terminates_within(value, question.scale):
        what_id = f"paling banyak {question.scale} angka di belakang koma" if question.scale else "tulis bilangan bulat"
        what_en = f"at most {question.scale} digits after the point" if question.scale else "write a whole number"
        raise _wrong(question, "terlalu_banyak_desimal", what_id, what_en)
    if (question.low is not None and value < question.low) or (question.high is not None and value > question.high):
        low, high = question.low, question.high
        span_id = f"harus antara {number(low or Fraction(0))} dan {number(high or Fraction(0))}"
        span_en = f"must be between {display_text(low or Fraction(0))} and {display_text(high or Fraction(0))}"
        raise _wrong(question, "di_luar_rentang", span_id, span_en)
    return value


def _date(question: Field, text: str) -> date:
    local = _LOCAL_DATE.fullmatch(text)
    try:
        if local:
            return date(int(local[3]), int(local[2]), int(local[1]))
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _wrong(question, "tanggal_tidak_sah", "tulis tanggal, misalnya 31-12-2026", "write a date, for example 2026-12-31")


def _long_enough(question: Field, text: str) -> str:
    if len(text) < question.min_length:
        least = question.min_length
        raise _wrong(question, "terlalu_pendek", f"tulis paling sedikit {least} huruf", f"write at least {least} characters")
    most = question.max_length or LENGTHS[question.type]
    if len(text) > most:
        raise _wrong(question, "terlalu_panjang", f"paling banyak {most} huruf", f"at most {most} characters")
    if question.type in ("text", "evidence") and "\n" in text:
        raise _wrong(question, "terlalu_panjang", "tulis dalam satu baris", "write it on one line")
    return text


def _wrong(question: Field, code: str, text_id: str, text_en: str) -> InputError:
    return InputError(code, text_id, text_en, field=question.name)
