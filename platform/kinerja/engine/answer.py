"""What an engine answers before it is decoded: small and plain, since it crosses from the worker process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CASE_LEVEL = -1
MatchedRows = tuple[str, str, int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Failure:
    """A named error: its code, the decision, and the index of the item (-1 at case level)."""

    code: str
    decision: str
    item: int


@dataclass(frozen=True, slots=True)
class Answer:
    """values: decision → one tuple of encoded outputs a case, or one an item.

    rows: (table, the decision of the agenda that used it, item index, row ids).
    """

    values: dict[str, list[tuple[Any, ...]]]
    rows: tuple[MatchedRows, ...]
