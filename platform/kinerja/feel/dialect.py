"""The two dialects: strict for rule files (exact rationals, errors with names), standard for DMN (34 digits, null)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ParamSpec

from .arithmetic import EXACT, Arithmetic, Decimals
from .errors import LIMIT, FeelError
from .syntax import Span
from .values import Value, adopt, release

P = ParamSpec("P")
MAX_NOTES = 20


class _Swallowed(threading.local):
    errors: list[FeelError] | None = None


_SWALLOWED = _Swallowed()


@contextmanager
def swallowed() -> Iterator[list[FeelError]]:
    """The errors that standard mode turns into null meanwhile, the first few of them: why a result is null."""
    outer = _SWALLOWED.errors
    errors: list[FeelError] = []
    _SWALLOWED.errors = errors
    try:
        yield errors
    finally:
        _SWALLOWED.errors = outer


def collecting() -> bool:
    """True within `swallowed`: when it is worth while to work out why something is null."""
    return _SWALLOWED.errors is not None


def swallow(error: FeelError, span: Span) -> None:
    """Keep an error that became null, where someone wants to know of it."""
    if _SWALLOWED.errors is not None and len(_SWALLOWED.errors) < MAX_NOTES:
        _SWALLOWED.errors.append(error.at(span))


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
                swallow(error, span)
                return None

        return strict if self.strict else standard


STRICT = Dialect("strict", True, EXACT)
STANDARD = Dialect("standard", False, Decimals())
