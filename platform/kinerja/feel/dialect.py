"""The two dialects: strict for rule files (exact rationals, errors with names), standard for DMN (34 digits, null)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec

from .arithmetic import Arithmetic, Decimals, Exact
from .errors import LIMIT, FeelError
from .syntax import Span
from .values import Value, adopt, release

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Dialect:
    name: str
    strict: bool
    arithmetic: Arithmetic

    def adopt(self, value: object) -> Value:
        """A FEEL value from a plain Python one."""
        return adopt(value, self.arithmetic.number)

    def release(self, value: Value) -> Any:
        """What leaves the language: plain Python values in strict mode, FEEL's own in standard mode (any year, nanoseconds)."""
        return release(value) if self.strict else value

    def protect(self, function: Callable[P, Value], span: Span) -> Callable[P, Value]:
        """`function`, with its errors given this span (strict) or turned into null (standard; limits stay errors)."""

        def strict(*args: P.args, **kwargs: P.kwargs) -> Value:
            try:
                return function(*args, **kwargs)
            except FeelError as error:
                raise error.at(span) from None

        def standard(*args: P.args, **kwargs: P.kwargs) -> Value:
            try:
                return function(*args, **kwargs)
            except FeelError as error:
                if error.code == LIMIT:
                    raise
                return None

        return strict if self.strict else standard


STRICT = Dialect("strict", True, Exact())
STANDARD = Dialect("standard", False, Decimals())
