"""Environments. At run time: nested pairs (value, outer), innermost first, the root last. At compile time: `Static` mirrors
them with names, so that a variable is found by its distance and not by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..dialect import Dialect
from ..values import NATIVE, Value, adopt

Env = Any
"""tuple[Value, Env] | Root"""
Closure = Callable[[Env], Value]


class Root(dict[str, Value]):
    """The caller's names, each turned into a FEEL value when first asked for; KeyError for what the caller has not."""

    __slots__ = ("dialect", "outer")

    def __init__(self, outer: Mapping[str, Any], dialect: Dialect) -> None:
        super().__init__()
        self.outer = outer
        self.dialect = dialect

    def __missing__(self, name: str) -> Value:
        value = self.outer[name]
        if type(value) not in NATIVE:
            value = adopt(value, self.dialect.arithmetic.number)
        self[name] = value
        return value


@dataclass(frozen=True, slots=True)
class Static:
    """One frame: a variable of this name, or (item) an element under filter, whose entries are names too."""

    name: str
    outer: Static | None
    item: bool = False


def frames(static: Static | None) -> Iterator[Static]:
    while static is not None:
        yield static
        static = static.outer


def depth(static: Static | None) -> int:
    return sum(1 for _ in frames(static))


def variable(distance: int) -> Closure:
    """The value of the frame so many steps out."""
    if distance == 0:
        return lambda env: env[0]
    if distance == 1:
        return lambda env: env[1][0]
    if distance == 2:
        return lambda env: env[1][1][0]

    def far(env: Env) -> Value:
        for _ in range(distance):
            env = env[1]
        return env[0]

    return far


def root_at(distance: int) -> Callable[[Env], Root]:
    if distance == 0:
        return lambda env: env
    if distance == 1:
        return lambda env: env[1]
    if distance == 2:
        return lambda env: env[1][1]

    def far(env: Env) -> Root:
        for _ in range(distance):
            env = env[1]
        root: Root = env
        return root

    return far
