"""FEEL conditions over the data of a process: parsed and typed when a file is checked, evaluated strictly when a case runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..core.errors import Place, RuleError
from ..feel import STRICT, compile_expression, names_used, parse_expression
from ..feel.syntax import Node


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A compiled condition. names: what it reads. `holds` answers true or false, or raises an error that names the condition."""

    text: str
    node: Node
    names: frozenset[str]
    run: Callable[[Mapping[str, Any]], Any]

    def holds(self, data: Mapping[str, Any], place: Place | None = None) -> bool:
        """True or false; raise RuleError(`syarat_bukan_benar_salah`) for another value, FeelError for a missing name or type."""
        value = self.run(data)
        if isinstance(value, bool):
            return value
        raise RuleError(
            "syarat_bukan_benar_salah",
            f"syarat “{self.text}” tidak menghasilkan benar atau salah",
            f'the condition "{self.text}" gives neither true nor false',
            place=place,
            remedy_id='tulis perbandingan, misalnya keputusan = "setuju"',
            remedy_en='write a comparison, for example keputusan = "setuju"',
        )


@lru_cache(maxsize=2_048)
def compile_condition(text: str) -> Condition:
    """Parse and compile; raise FeelError with the span of what is malformed."""
    node = parse_expression(text)
    return Condition(text, node, frozenset(names_used(node)), compile_expression(node, STRICT))
