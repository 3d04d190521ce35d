"""JSON without floats: numbers are read as Fraction and written back digit for digit; duplicate keys are refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from .errors import InputError, Place
from .numbers import decimal_text, parse_number

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 100


def loads(text: str, *, file: str = "<json>", line: int = 1) -> Any:
    """Parse one JSON document; raise InputError(`json_tidak_sah`) with file, line and column. `line`: where the text starts."""
    try:
        value = json.loads(
            text, parse_float=parse_number, parse_int=parse_number, parse_constant=_refuse_constant, object_pairs_hook=_unique
        )
    except json.JSONDecodeError as error:
        raise _malformed(Place(file, error.lineno + line - 1, error.colno), error.msg) from error
    except RecursionError as error:
        raise _malformed(Place(file, line), "too deeply nested") from error
    except _Refused as error:
        raise _malformed(Place(file, line), str(error)) from error
    _limit_depth(value, file)
    return value


def load(path: Path) -> Any:
    """Parse a JSON file; a missing, unreadable or oversized file is an InputError naming it."""
    return loads(read_text(path), file=str(path))


def read_text(path: Path, *, max_bytes: int = MAX_BYTES) -> str:
    """The text of a UTF-8 file; raise InputError when it is missing, too large or not UTF-8."""
    place = Place(str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(max_bytes + 1)
    except OSError as error:
        raise InputError(
            "berkas_tidak_terbaca",
            f"berkas tidak dapat dibaca ({error.strerror})",
            f"cannot read the file ({error.strerror})",
            place=place,
            remedy_id="periksa nama dan izin berkas",
            remedy_en="check the file's name and permissions",
        ) from error
    if len(data) > max_bytes:
        raise InputError(
            "berkas_terlalu_besar",
            f"berkas melebihi {max_bytes} byte",
            f"the file exceeds {max_bytes} bytes",
            place=place,
            remedy_id="pecah berkas",
            remedy_en="split the file",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            "bukan_utf8",
            "berkas bukan teks UTF-8",
            "the file is not UTF-8 text",
            place=Place(str(path), line),
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


class _Refused(ValueError):
    pass


def _refuse_constant(name: str) -> Any:
    raise _Refused(f"{name} is not a JSON number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Refused(f'duplicate key "{key}"')
            seen.add(key)
    return result


def _malformed(place: Place, message: str) -> InputError:
    return InputError(
        "json_tidak_sah",
        f"JSON tidak sah ({message})",
        f"malformed JSON ({message})",
        place=place,
        remedy_id="perbaiki tanda baca di baris itu",
        remedy_en="mend the punctuation on that line",
    )


def _limit_depth(value: Any, file: str) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise _malformed(Place(file), f"nested deeper than {MAX_DEPTH}")
        level = [child for item in level for child in _children(item)]


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
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Fraction):
        return decimal_text(value)
    if isinstance(value, Decimal):
        return decimal_text(Fraction(value))
    if isinstance(value, datetime | date):
        return f'"{value.isoformat()}"'
    return None


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
            parts.append(json.dumps(str(key), ensure_ascii=False) + colon)
        _write(item, parts, indent, sort_keys, level + 1)
    parts.append((outer if items else "") + closing)
