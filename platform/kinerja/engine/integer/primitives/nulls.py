"""Null: where a value is needed, and where only its presence matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import errors
from ..errors import Fault


def need(x: Any) -> Any:
    if x is None:
        raise Fault(errors.NULL)
    return x


def need_all(values: Sequence[Any]) -> Sequence[Any]:
    if None in values:
        raise Fault(errors.NULL)
    return values


def need_value(x: Any) -> Any:
    if x is None:
        raise Fault(errors.VALUE)
    return x


def both(a: bool, b: bool) -> bool:
    """Both, each computed whatever the other says."""
    return a and b


def all_there(*_: Any) -> bool:
    """True once its arguments could be computed."""
    return True


def scale0(x: int | None, factor: int) -> int | None:
    return None if x is None else x * factor


def pair0(x: int | None, den: int) -> tuple[int, int] | None:
    return None if x is None else (x, den)
