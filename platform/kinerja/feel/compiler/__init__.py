"""Syntax trees → Python closures, once; running them needs no tree any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..dialect import STRICT, Dialect
from ..errors import too_deep
from ..limits import begin, end
from ..syntax import Node, UnaryTests
from ..types import Type
from ..values import Value
from . import access, calls, composed, control, operators, tests
from .calls import FeelFunction
from .core import Compiler
from .scope import Root, Static

Scope = Mapping[str, Any]

__all__ = ["FeelFunction", "compile_expression", "compile_tests", "read_once"]

_HANDLERS = (access, calls, composed, control, operators, tests)  # imported for the handlers they register


def read_once(scope: Scope, dialect: Dialect) -> Root:
    """The scope for several expressions of a dialect in a row: each name is turned into a FEEL value once. It must not change."""
    return scope if type(scope) is Root and scope.dialect is dialect else Root(scope, dialect)


def compile_expression(
    node: Node, dialect: Dialect = STRICT, *, types: Mapping[str, Type] | None = None
) -> Callable[[Scope], Value]:
    """The expression as a function of the names in scope.

    Scope values may be plain Python values; strict results are plain Python values too (Fraction, str, bool, None, list,
    dict, datetime.date …), standard ones FEEL's own. Strict: raises FeelError. types: declared types by name.
    """
    try:
        run = Compiler(dialect, types).compile(node, None)
    except RecursionError:
        raise too_deep() from None
    release = dialect.release

    def evaluate(scope: Scope) -> Value:
        opened = begin()
        try:
            return release(run(read_once(scope, dialect)))
        except RecursionError:
            raise too_deep() from None
        finally:
            if opened:
                end()

    return evaluate


def compile_tests(
    cell: UnaryTests, dialect: Dialect = STRICT, *, types: Mapping[str, Type] | None = None
) -> Callable[[Any, Scope], bool]:
    """The cell as a function of the tested value (`?`) and the names in scope; a result of null counts as no match."""
    try:
        run = tests.unary_tests(Compiler(dialect, types), cell, Static("?", None))
    except RecursionError:
        raise too_deep() from None

    def passes(value: Any, scope: Scope) -> bool:
        opened = begin()
        try:
            return run((dialect.adopt(value), read_once(scope, dialect))) is True
        except RecursionError:
            raise too_deep() from None
        finally:
            if opened:
                end()

    return passes
