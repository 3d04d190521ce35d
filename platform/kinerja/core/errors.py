"""One root of errors. Every error carries a stable code, an Indonesian and an English sentence, a place and a remedy.

Edges (command line, HTTP) map an error by its class attributes `exit_status` and `http_status`; messages are never parsed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands; line and column count from 1, 0 means "the file as a whole"."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}" + (f":{self.column}" if self.column else "")


class KinerjaError(Exception):
    """Something went wrong that a person can act upon.

    code: stable identifier in lower snake case, in the language of the rule files (`tidak_ada_baris`).
    text_id, text_en: one sentence each. place: file and line, where there is one. remedy_id, remedy_en: what to do.
    details: plain values for programs (fact name, table, inputs).
    """

    exit_status: ClassVar[int] = 2
    http_status: ClassVar[int] = 400

    def __init__(
        self,
        code: str,
        text_id: str,
        text_en: str,
        *,
        place: Place | None = None,
        remedy_id: str = "",
        remedy_en: str = "",
        **details: Any,
    ) -> None:
        super().__init__(text_en)
        self.code = code
        self.text_id = text_id
        self.text_en = text_en
        self.place = place
        self.remedy_id = remedy_id
        self.remedy_en = remedy_en
        self.details = details

    def line(self, language: str = "id") -> str:
        """The error as one line that any terminal can print: place, code, sentence, remedy."""
        text, remedy = (self.text_id, self.remedy_id) if language == "id" else (self.text_en, self.remedy_en)
        head = f"{self.place}: " if self.place else ""
        return _one_line(f"{head}{self.code}: {text}" + (f" → {remedy}" if remedy else ""))

    def __str__(self) -> str:
        return self.line("en")

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "text": {"id": self.text_id, "en": self.text_en},
            "remedy": {"id": self.remedy_id, "en": self.remedy_en},
            "place": str(self.place) if self.place else None,
            **({"details": self.details} if self.details else {}),
        }

    def __reduce__(self) -> tuple[Any, ...]:  # errors cross process borders (the rete worker)
        return (_rebuild, (type(self), self.__dict__.copy()))


_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")  # line ends, terminal controls, halves of pairs


def _one_line(text: str) -> str:
    """What a user's file holds may stand in a message, but not break its line or command the terminal."""
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _rebuild(kind: type[KinerjaError], state: dict[str, Any]) -> KinerjaError:
    error = kind.__new__(kind)
    Exception.__init__(error, state["text_en"])
    error.__dict__.update(state)
    return error


class InputError(KinerjaError):
    """A file, document or argument that the user gave is missing, malformed or out of range."""


class RuleError(KinerjaError):
    """A rule could not give an answer for these facts (no row, two rows, a requirement not met)."""

    http_status = 422


class FindingsError(KinerjaError):
    """A check found errors (rule files, process files, a letter that does not verify)."""

    exit_status = 1
    http_status = 422


class IncidentError(KinerjaError):
    """The machine failed, not the user: engines disagree, a worker died or ran out of time."""

    exit_status = 3
    http_status = 500


class ForbiddenError(KinerjaError):
    """This person may not do this (role, unit or duty), whoever calls the service."""

    http_status = 403


class NotFoundError(KinerjaError):
    http_status = 404


class ConflictError(KinerjaError):
    """The thing has changed, or the act was done already by someone else."""

    http_status = 409


class BusyError(KinerjaError):
    """The store cannot take the act just now (locked, full, out of reach); nothing was changed, the act may be tried again."""

    exit_status = 3
    http_status = 503
