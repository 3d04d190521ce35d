"""JSON without floats: numbers are read as Fraction and written back digit for digit; duplicate keys are refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any, BinaryIO

from .errors import InputError, Place
from .numbers import decimal_text, parse_number

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 100
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN|-?\d[\d.eE+-]*|[{}\[\],:]', re.DOTALL)
_COLON = re.compile(r"\s*:")
_HALF = re.compile("[\ud800-\udfff]")  # half of a surrogate pair: no text that could be written as UTF-8
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")  # may be one, if the other half does not follow
_INDONESIAN = {
    "Expecting value": "di sini diharapkan sebuah nilai",
    "Expecting property name enclosed in double quotes": "di sini diharapkan nama dalam tanda kutip ganda",
    "Expecting ',' delimiter": "di sini diharapkan koma",
    "Expecting ':' delimiter": "di sini diharapkan titik dua",
    "Extra data": "ada sisa sesudah dokumen selesai",
    "Unterminated string starting at": "teks yang dimulai di sini tidak ditutup",
    "Invalid control character at": "ada huruf kendali di dalam teks",
    "Invalid \\escape": "urutan \\… tidak dikenal",
    "Invalid \\uXXXX escape": "urutan \\uXXXX tidak sah",
}


def loads(text: str, *, file: str = "<json>", line: int = 1) -> Any:
    """Parse one JSON document; raise InputError(`json_tidak_sah`) with file, line and column. `line`: where the text starts."""
    try:
        value = json.loads(
            text, parse_float=parse_number, parse_int=parse_number, parse_constant=_refuse_constant, object_pairs_hook=_unique
        )
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno + line - 1, error.colno)
        raise _malformed(place, _INDONESIAN.get(error.msg, error.msg), error.msg) from error
    except (RecursionError, _RefusedError, InputError) as error:
        raise _located(text, file, line) from error
    doubtful = _HALF.search(text) or _ESCAPED_HALF.search(text) or _deeper_than(MAX_DEPTH, value)
    if doubtful and _fault(text) is not None:
        raise _located(text, file, line)
    return value


def load(path: Path) -> Any:
    """Parse a JSON file; a missing, unreadable or oversized file is an InputError naming it."""
    return loads(read_text(path), file=str(path))


def read_text(path: Path, *, max_bytes: int = MAX_BYTES) -> str:
    """The text of a UTF-8 file; raise InputError when it is missing, too large or not UTF-8."""
    return _text(read_bytes(path, max_bytes=max_bytes), str(path))


def read_bytes(path: Path, *, max_bytes: int = MAX_BYTES) -> bytes:
    """A file's bytes; raise InputError when it is missing or too large."""
    try:
        with path.open("rb") as stream:
            return _bounded(stream, str(path), max_bytes)
    except OSError as error:
        raise InputError(
            "berkas_tidak_terbaca",
            f"berkas tidak dapat dibaca ({error.strerror})",
            f"cannot read the file ({error.strerror})",
            place=Place(str(path)),
            remedy_id="periksa nama dan izin berkas",
            remedy_en="check the file's name and permissions",
        ) from error
    except ValueError as error:  # a name with a null character
        raise InputError(
            "berkas_tidak_terbaca",
            "nama berkas tidak sah",
            "not a file name",
            place=Place(str(path)),
            remedy_id="periksa nama berkas",
            remedy_en="check the file's name",
        ) from error


def read_stream(stream: BinaryIO, file: str, *, max_bytes: int = MAX_BYTES) -> str:
    """The UTF-8 text of an open stream; `file` names it in errors."""
    return _text(_bounded(stream, file, max_bytes), file)


def _bounded(stream: BinaryIO, file: str, max_bytes: int) -> bytes:
    data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise InputError(
            "berkas_terlalu_besar",
            f"berkas melebihi {max_bytes} byte",
            f"the file exceeds {max_bytes} bytes",
            place=Place(file),
            remedy_id="pecah berkas",
            remedy_en="split the file",
        )
    return data


def _text(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "bukan_utf8",
            "berkas bukan teks UTF-8",
            "the file is not UTF-8 text",
            place=Place(file, data[: error.start].count(b"\n") + 1),
            remedy_id="simpan ulang sebagai UTF-8",
            remedy_en="save it again as UTF-8",
        ) from error


def dumps(value: Any, *, indent: int | None = None, sort_keys: bool = False) -> str:
    """Write plain values (None, bool, str, int, Fraction, Decimal, date, dict, list, tuple, dataclass) as JSON, exactly.

    Raises TypeError on floats and unknown types, ValueError on a Fraction without a finite decimal expansion.
    """
    parts: list[str] = []
    _write(value, parts, indent, sort_keys, 0)
    return "".join(parts)


def canonical(value: Any) -> bytes:
    """One byte string a value: sorted keys, no spaces. The form that is hashed and signed."""
    return dumps(value, sort_keys=True).encode()


def digest(value: Any) -> str:
    """sha256 over the canonical form, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


class _RefusedError(ValueError):
    """Refused while parsing; where it stands is found afterwards."""


def _refuse_constant(name: str) -> Any:
    raise _RefusedError(name)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise _RefusedError
    return result


def _located(text: str, file: str, line: int) -> InputError:
    """The error of a text that the parser refused, with the place that it does not tell."""
    wrong = _fault(text)
    if wrong is None:
        return _malformed(Place(file, line), "terlalu dalam bersarang", "too deeply nested")
    at, reason_id, reason_en = wrong
    place = Place(file, text.count("\n", 0, at) + line, at - text.rfind("\n", 0, at))
    if not isinstance(reason_id, InputError):
        return _malformed(place, reason_id, reason_en)
    reason_id.place = place
    return reason_id


def _fault(text: str) -> tuple[int, str | InputError, str] | None:
    """Offset and reason of the first thing refused in a text that is otherwise JSON: token by token, with each object's keys."""
    keys: list[set[str]] = []
    for token in _TOKEN.finditer(text):
        word, at = token[0], token.start()
        if word in "{[":
            keys.append(set())
            if len(keys) > MAX_DEPTH:
                return at, f"bersarang lebih dari {MAX_DEPTH} lapis", f"nested deeper than {MAX_DEPTH}"
        elif word in "}]":
            keys.pop()
        elif word[0] == '"':
            content = json.loads(word, strict=False)
            if _HALF.search(content):
                return at, "ada huruf yang bukan Unicode utuh", "a character is half of a surrogate pair"
            if _COLON.match(text, token.end()):
                if content in keys[-1]:
                    return at, f"kunci “{content[:60]}” ditulis dua kali", f'duplicate key "{content[:60]}"'
                keys[-1].add(content)
        elif word in ("NaN", "Infinity", "-Infinity"):
            return at, f"{word} bukan angka JSON", f"{word} is not a JSON number"
        elif word not in ",:":
            try:
                parse_number(word)
            except InputError as error:
                return at, error, ""
    return None


def _malformed(place: Place, reason_id: str, reason_en: str) -> InputError:
    return InputError(
        "json_tidak_sah",
        f"JSON tidak sah ({reason_id})",
        f"malformed JSON ({reason_en})",
        place=place,
        remedy_id="perbaiki tulisan di baris itu",
        remedy_en="mend what stands on that line",
    )


def _deeper_than(limit: int, value: Any) -> bool:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > limit:
            return True
        level = [child for item in level for child in _children(item)]
    return False


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _scalar(value: Any) -> str | None:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Fraction):
        return decimal_text(value)
    if isinstance(value, Decimal):
        return decimal_text(Fraction(value))
    if isinstance(value, datetime | date):
        return f'"{value.isoformat()}"'
    return None


def _quoted(text: str) -> str:
    """As it is; escaped only where it holds what UTF-8 cannot (from a command line that was not UTF-8, say)."""
    return json.dumps(text) if _HALF.search(text) else encode_basestring(text)


def _write(value: Any, parts: list[str], indent: int | None, sort_keys: bool, level: int) -> None:
    text = _scalar(value)
    if text is not None:
        parts.append(text)
        return
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, dict):
        items = sorted(value.items()) if sort_keys else list(value.items())
        opening, closing = "{", "}"
    elif isinstance(value, list | tuple):
        items = [(None, item) for item in value]
        opening, closing = "[", "]"
    else:
        raise TypeError(f"not a plain value: {type(value).__name__}")
    inner = "" if indent is None else "\n" + " " * (indent * (level + 1))
    outer = "" if indent is None else "\n" + " " * (indent * level)
    comma, colon = (",", ":") if indent is None else (",", ": ")
    parts.append(opening)
    for index, (key, item) in enumerate(items):
        if index:
            parts.append(comma)
        parts.append(inner)
        if key is not None:
            parts.append(_quoted(str(key)) + colon)
        _write(item, parts, indent, sort_keys, level + 1)
    parts.append((outer if items else "") + closing)
