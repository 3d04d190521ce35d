"""What the checker says: stable codes, a severity, a place, a sentence and a remedy in Indonesian and English.

The catalogue is data; `docs/diagnostics.md` has one section for each code. Codes are never reused.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..core.errors import FindingsError, Place
from .catalogue import CATALOGUE

_WRITTEN = frozenset(["cell", "text", "name", "value", "key", "word", "first", "second", "point"])  # as the file has it
_LONGEST = 80  # characters of it that a sentence repeats


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a rule file. An error keeps the whole rule set from compiling.

    case: the values of a counterexample, by name; rows: ids of the table rows it speaks of. Both () where it has none.
    """

    code: str
    severity: Severity
    place: Place
    text_id: str
    text_en: str
    remedy_id: str
    remedy_en: str
    case: tuple[tuple[str, Any], ...] = ()
    rows: tuple[str, ...] = ()

    def line(self, language: str = "id") -> str:
        """`file:line:column: R004 galat: sentence → remedy`, on one line."""
        names = {"error": "galat", "warning": "peringatan", "notice": "catatan"}
        text, remedy = (self.text_id, self.remedy_id) if language == "id" else (self.text_en, self.remedy_en)
        word = names[self.severity] if language == "id" else self.severity.value
        return " ".join(f"{self.place}: {self.code} {word}: {text} → {remedy}".split())

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity.value,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "text": {"id": self.text_id, "en": self.text_en},
            "remedy": {"id": self.remedy_id, "en": self.remedy_en},
        }


def make(
    code: str,
    place: Place,
    /,
    *,
    near: tuple[str, Iterable[str]] | None = None,
    case: Mapping[str, Any] | None = None,
    row_ids: Iterable[str] = (),
    **values: Any,
) -> Diagnostic:
    """Build a diagnostic from the catalogue. near = (word, known words) adds "maksud Anda …?" where one is close.

    case, row_ids: the counterexample and the rows as values, beside the sentence that names them.
    """
    kind = CATALOGUE[code]
    values = {name: _shortened(value) if name in _WRITTEN else value for name, value in values.items()}
    hint = nearest(*near) if near else None
    values["hint_id"] = f" (maksud Anda “{hint}”?)" if hint else ""
    values["hint_en"] = f' (did you mean "{hint}"?)' if hint else ""
    return Diagnostic(
        code,
        Severity(kind.severity),
        place,
        kind.text_id.format_map(values),
        kind.text_en.format_map(values),
        kind.remedy_id.format_map(values),
        kind.remedy_en.format_map(values),
        tuple((name, _frozen(value)) for name, value in (case or {}).items()),
        tuple(row_ids),
    )


def _shortened(value: Any) -> Any:
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value


def _frozen(value: Any) -> Any:
    """A list as a tuple: diagnostics are compared and counted."""
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value


class Report:
    """Collects diagnostics; the passes go on after a fault, so that all mistakes of a file show at once."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []
        self._seen: set[tuple[str, Place, str]] = set()

    def add(self, code: str, place: Place, /, *, near: tuple[str, Iterable[str]] | None = None, **values: Any) -> None:
        """Report once: a rule that is met twice (by two passes) shows once."""
        found = make(code, place, near=near, **values)
        if (mark := (code, place, found.text_en)) not in self._seen:
            self._seen.add(mark)
            self._found.append(found)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.sorted())

    @property
    def has_errors(self) -> bool:
        return any(found.severity is Severity.ERROR for found in self._found)

    def errors_since(self, mark: int) -> bool:
        """Whether an error was added after the report had `mark` entries."""
        return any(found.severity is Severity.ERROR for found in self._found[mark:])

    def sorted(self) -> tuple[Diagnostic, ...]:
        return tuple(sorted(self._found, key=lambda d: (d.place.file, d.place.line, d.place.column, d.code)))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, when one is close enough to suggest; capital letters make no difference."""
    folded = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(word[:100].casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def findings_error(diagnostics: Iterable[Diagnostic]) -> FindingsError:
    """The one error that stands for a rule set that does not compile; its place is the first error's."""
    errors = [found for found in diagnostics if found.severity is Severity.ERROR]
    first = errors[0]
    more = len(errors) - 1
    return FindingsError(
        "aturan_bermasalah",
        f"{first.code} {first.text_id}" + (f" (dan {more} galat lain)" if more else ""),
        f"{first.code} {first.text_en}" + (f" (and {more} more errors)" if more else ""),
        place=first.place,
        remedy_id=first.remedy_id,
        remedy_en=first.remedy_en,
        diagnostics=[found.as_json() for found in errors],
    )
