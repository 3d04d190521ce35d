"""What an output must be: it ends within its scale, lies in its range, is one of its values, and is there."""

from __future__ import annotations

from typing import Any

from .. import errors
from ..errors import Fault


def round_or_fail(x: tuple[int, int] | None, den: int) -> int | None:
    """An output must end within its scale; the engine never rounds by itself."""
    if x is None:
        return None
    scaled, rest = divmod(x[0] * den, x[1])
    if rest:
        raise Fault(errors.NOT_ROUND)
    return scaled


def in_range(x: int | None, low: int | None, high: int | None) -> int | None:
    if x is not None and ((low is not None and x < low) or (high is not None and x > high)):
        raise Fault(errors.OUT_OF_RANGE)
    return x


def in_values(x: Any, values: tuple[str, ...]) -> Any:
    for element in x if isinstance(x, list) else (x,):
        if element is not None and element not in values:
            raise Fault(errors.OUT_OF_RANGE)
    return x


def not_null(x: Any) -> Any:
    if x is None:
        raise Fault(errors.EMPTY_OUTPUT)
    return x
