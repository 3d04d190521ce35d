"""The compiler: one handler a kind of node, each returning a closure over an environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..builtins import BuiltIn, bind
from ..dialect import STANDARD, STRICT, Dialect
from ..syntax import Node
from ..types import Type
from .scope import Closure, Static

Handler = Callable[["Compiler", Any, Static | None], Closure]
_HANDLERS: dict[type[Node], Handler] = {}
_BUILT_INS = {dialect.name: bind(dialect.arithmetic, strict=dialect.strict) for dialect in (STRICT, STANDARD)}


def compiles(node_type: type[Node]) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of node."""

    def register(handler: Handler) -> Handler:
        _HANDLERS[node_type] = handler
        return handler

    return register


class Compiler:
    """types: declared types by name (item definitions)."""

    def __init__(self, dialect: Dialect, types: Mapping[str, Type] | None = None) -> None:
        self.dialect = dialect
        self.arithmetic = dialect.arithmetic
        self.strict = dialect.strict
        self.types = types or {}
        self.built_ins: Mapping[str, BuiltIn] = _BUILT_INS[dialect.name]

    def compile(self, node: Node, static: Static | None) -> Closure:
        return _HANDLERS[type(node)](self, node, static)
