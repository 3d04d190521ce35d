"""Literals and operators."""

from __future__ import annotations

import operator as py
from collections.abc import Callable
from typing import Any

from .. import syntax as ast
from ..errors import FeelError, type_mismatch
from ..operations import negate, operation
from ..temporal_text import read_temporal
from ..types import from_source
from ..values import Value, describe, equal, order
from .core import Compiler, compiles
from .scope import Closure, Env, Static


def constant(value: Value) -> Closure:
    return lambda _: value


@compiles(ast.NumberLiteral)
def number(compiler: Compiler, node: ast.NumberLiteral, _: Static | None) -> Closure:
    try:
        return constant(compiler.arithmetic.number(node.value))
    except FeelError as error:
        raise error.at(node.span) from None


@compiles(ast.StringLiteral)
@compiles(ast.BooleanLiteral)
def literal(_compiler: Compiler, node: Any, _: Static | None) -> Closure:
    return constant(node.value)


@compiles(ast.NullLiteral)
def null(_compiler: Compiler, _node: ast.NullLiteral, _: Static | None) -> Closure:
    return constant(None)


@compiles(ast.TemporalLiteral)
def temporal(compiler: Compiler, node: ast.TemporalLiteral, _: Static | None) -> Closure:
    return constant(compiler.dialect.protect(read_temporal, node.span)(node.text))


_ORDERINGS: dict[str, Callable[[Any, Any], Any]] = {"<": py.lt, "<=": py.le, ">": py.gt, ">=": py.ge}


@compiles(ast.Arithmetic)
def arithmetic(compiler: Compiler, node: ast.Arithmetic, static: Static | None) -> Closure:
    left, right = compiler.compile(node.left, static), compiler.compile(node.right, static)
    numbers = compiler.arithmetic
    fast = {"+": numbers.add, "-": numbers.subtract, "*": numbers.multiply, "/": numbers.divide, "**": numbers.power}[node.operator]
    kind = numbers.type
    slow = compiler.dialect.protect(operation(node.operator, numbers), node.span)

    def run(env: Env) -> Value:
        a, b = left(env), right(env)
        if type(a) is kind and type(b) is kind:
            try:
                return fast(a, b)
            except FeelError:
                return slow(a, b)
        return slow(a, b)

    return run


@compiles(ast.Negation)
def negation(compiler: Compiler, node: ast.Negation, static: Static | None) -> Closure:
    operand = compiler.compile(node.operand, static)
    apply = compiler.dialect.protect(lambda value: negate(compiler.arithmetic, value), node.span)
    return lambda env: apply(operand(env))


def comparison_of(operator: str) -> Callable[[Value, Value], Value]:
    """The comparison as a function of two values; raises FeelError where they cannot be compared."""
    if operator == "=":
        return equal
    if operator == "!=":
        return lambda a, b: not equal(a, b)
    decide = _ORDERINGS[operator]
    return lambda a, b: decide(order(a, b, f"“{operator}”"), 0)


@compiles(ast.Comparison)
def comparison(compiler: Compiler, node: ast.Comparison, static: Static | None) -> Closure:
    left, right = compiler.compile(node.left, static), compiler.compile(node.right, static)
    kind = compiler.arithmetic.type
    fast = compiler.arithmetic.comparisons[node.operator]
    slow = compiler.dialect.protect(comparison_of(node.operator), node.span)
    if node.operator in ("=", "!="):
        wanted = node.operator == "="
        if isinstance(node.right, ast.NullLiteral):
            return lambda env: (left(env) is None) is wanted
        if isinstance(node.right, ast.StringLiteral):
            return _is_text(left, node.right.value, wanted, slow)

    def run(env: Env) -> Value:
        a, b = left(env), right(env)
        if type(a) is kind and type(b) is kind:
            return fast(a, b)
        return slow(a, b)

    return run


def _is_text(left: Closure, text: str, wanted: bool, otherwise: Callable[[Value, Value], Value]) -> Closure:
    def run(env: Env) -> Value:
        value = left(env)
        return (value == text) is wanted if type(value) is str else otherwise(value, text)

    return run


@compiles(ast.Between)
def between(compiler: Compiler, node: ast.Between, static: Static | None) -> Closure:
    value, low, high = (compiler.compile(part, static) for part in (node.value, node.low, node.high))

    def decide(x: Value, a: Value, b: Value) -> Value:
        return order(x, a, "between") >= 0 and order(x, b, "between") <= 0

    apply = compiler.dialect.protect(decide, node.span)
    return lambda env: apply(value(env), low(env), high(env))


@compiles(ast.Logic)
def logic(compiler: Compiler, node: ast.Logic, static: Static | None) -> Closure:
    left, right = compiler.compile(node.left, static), compiler.compile(node.right, static)
    deciding = node.operator == "or"  # the value of one side that decides alone
    if compiler.strict:
        return _strict_logic(node, left, right, deciding)

    def run(env: Env) -> Value:
        a = left(env)
        if a is deciding:
            return deciding
        b = right(env)
        if b is deciding:
            return deciding
        return None if type(a) is not bool or type(b) is not bool else not deciding

    return run


def _strict_logic(node: ast.Logic, left: Closure, right: Closure, deciding: bool) -> Closure:
    def run(env: Env) -> Value:
        a = left(env)
        if a is deciding:
            return deciding
        if type(a) is not bool:
            raise type_mismatch(f"“{node.operator}”", "boolean", describe(a), node.left.span)
        b = right(env)
        if type(b) is not bool:
            raise type_mismatch(f"“{node.operator}”", "boolean", describe(b), node.right.span)
        return b

    return run


@compiles(ast.InstanceOf)
def instance_of(compiler: Compiler, node: ast.InstanceOf, static: Static | None) -> Closure:
    from ..conformance import is_instance

    value = compiler.compile(node.value, static)
    type_ = from_source(node.type, compiler.types)
    if type_ is None:
        if compiler.strict:
            raise type_mismatch("instance of", "type", node.type.name, node.type.span)
        return constant(None)
    known = type_
    return lambda env: is_instance(value(env), known)
