"""Unary tests: the cells of decision tables, and the right side of `in`. The tested value is the innermost variable."""

from __future__ import annotations

from .. import syntax as ast
from ..errors import LIMIT, FeelError, type_mismatch
from ..values import Range, Value, describe, equal, order, same
from ..walk import walk
from .core import Compiler, compiles
from .operators import comparison_of
from .scope import Closure, Env, Static

HIDDEN = ""
"""The variable of `in`, which no name can reach."""


@compiles(ast.In)
def in_(compiler: Compiler, node: ast.In, static: Static | None) -> Closure:
    value = compiler.compile(node.value, static)
    tests = unary_tests(compiler, node.tests, Static(HIDDEN, static), in_operator=True)
    return lambda env: tests((value(env), env))


def unary_tests(compiler: Compiler, tests: ast.UnaryTests, static: Static, *, in_operator: bool = False) -> Closure:
    """A closure over (value, outer environment): true, false or (standard mode) null."""
    if tests.any:
        return lambda _: True
    alternatives = [alternative(compiler, test, static, in_operator=in_operator) for test in tests.alternatives]
    negated = tests.negated

    def lenient(env: Env) -> Value:
        unknown = False
        for passes in alternatives:
            verdict = passes(env)
            if verdict is True:
                return not negated
            unknown = unknown or verdict is None
        return None if unknown else negated

    def strict(env: Env) -> Value:
        if negated and env[0] is None:
            return False
        return any(passes(env) for passes in alternatives) is not negated

    general = strict if compiler.strict else lenient
    words = _words(tests)
    if not words:
        return general

    def among(env: Env) -> Value:
        value = env[0]
        return (value in words) is not negated if type(value) is str else general(env)

    return among


def _words(tests: ast.UnaryTests) -> frozenset[str]:
    """The texts that are tested for, where nothing else is: one after the other, or as a list."""
    nodes = [test.expression for test in tests.alternatives]
    if len(nodes) == 1 and isinstance(nodes[0], ast.ListLiteral):
        nodes = list(nodes[0].items)
    texts = [node.value for node in nodes if isinstance(node, ast.StringLiteral)]
    return frozenset(texts) if len(texts) == len(nodes) else frozenset()


def alternative(compiler: Compiler, test: ast.Test, static: Static, *, in_operator: bool) -> Closure:
    expression = test.expression
    if isinstance(expression, ast.Compare):
        return _comparison(compiler, expression, static)
    if numeric := _numeric_range(compiler, expression, static):
        return numeric
    result = compiler.compile(expression, static)
    asks = not in_operator and any(isinstance(node, ast.Name) and node.name == "?" for node in walk(expression))
    if compiler.strict:
        decide = compiler.dialect.protect(_asked if asks else _strict_match, test.span)
    else:
        decide = compiler.dialect.protect(_in_match if in_operator else _asked_match if asks else _cell_match, test.span)
    return lambda env: decide(env[0], result(env))


def _comparison(compiler: Compiler, node: ast.Compare, static: Static) -> Closure:
    operand = compiler.compile(node.operand, static)
    apply = compiler.dialect.protect(comparison_of(node.operator), node.span)
    ordered = node.operator not in ("=", "!=")
    strict = compiler.strict

    def run(env: Env) -> Value:
        value = env[0]
        if strict and value is None and ordered:
            return False
        return apply(value, operand(env))

    return run


def contains(range_: Range, value: Value) -> bool:
    """True when the value lies in the range; FeelError when it cannot be compared with the ends."""
    if range_.operator in ("=", "!="):
        return equal(value, range_.low) is (range_.operator == "=")
    if range_.operator:
        bound = range_.low if range_.high is None else range_.high
        return bool(comparison_of(range_.operator)(value, bound))
    low, high = order(value, range_.low, "in"), order(value, range_.high, "in")
    return (low > 0 or (low == 0 and range_.low_closed)) and (high < 0 or (high == 0 and range_.high_closed))


def _numeric_range(compiler: Compiler, node: ast.Node, static: Static) -> Closure | None:
    """The test of a range between two literal numbers, most cells of most tables, without the general case's detours."""
    if not (isinstance(node, ast.Range) and isinstance(node.low, ast.NumberLiteral) and isinstance(node.high, ast.NumberLiteral)):
        return None
    numbers = compiler.arithmetic
    low, high = numbers.number(node.low.value), numbers.number(node.high.value)
    above = numbers.comparisons[">=" if node.low_closed else ">"]
    below = numbers.comparisons["<=" if node.high_closed else "<"]
    kind = numbers.type
    range_ = Range(low, high, node.low_closed, node.high_closed)
    general = compiler.dialect.protect(_strict_match if compiler.strict else _in_match, node.span)

    def run(env: Env) -> Value:
        value = env[0]
        if type(value) is kind:
            return above(value, low) and below(value, high)
        return general(value, range_)

    return run


def _asked(_value: Value, result: Value) -> Value:
    if not isinstance(result, bool):
        raise type_mismatch("?", "boolean", describe(result))
    return result


def _strict_match(value: Value, result: Value) -> Value:
    """Strict: null matches null alone; a list matches by any element; otherwise equal, and of one type."""
    if isinstance(result, list) and not isinstance(value, list):
        return any(_strict_match(value, item) for item in result)
    if value is None or result is None:
        return value is result
    if isinstance(result, Range):
        return contains(result, value)
    return equal(value, result)


def _in_match(value: Value, result: Value) -> Value:
    """`value in result` (DMN 1.5, table 54)."""
    if isinstance(result, Range):
        return same(value, result) if isinstance(value, Range) else contains(result, value)
    if isinstance(result, list):
        if isinstance(value, list) and same(value, result):
            return True
        return any(_element_match(value, item) for item in result)
    return equal(value, result)


def _element_match(value: Value, item: Value) -> bool:
    if isinstance(item, Range) and not isinstance(value, Range):
        try:
            return contains(item, value)
        except FeelError as error:
            if error.code == LIMIT:
                raise
            return False
    if isinstance(item, list) and not isinstance(value, list):
        return any(same(value, inner) for inner in item)
    return same(value, item)


def _cell_match(value: Value, result: Value) -> Value:
    """A cell of a decision table in standard mode: true of itself, or as `in`."""
    if result is True and not isinstance(value, bool):
        return True
    return _in_match(value, result)


def _asked_match(value: Value, result: Value) -> Value:
    return result if isinstance(result, bool) else _in_match(value, result)
