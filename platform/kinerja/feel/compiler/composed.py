"""Lists, contexts, ranges and functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .. import syntax as ast
from ..conformance import convert
from ..errors import ARGUMENTS, FeelError, bad_value, type_mismatch
from ..limits import check_list, enter_call, leave_call
from ..types import ANY, Type, from_source
from ..values import Function, Range, Value, describe, kind, order
from .core import Compiler, compiles
from .operators import constant
from .scope import Closure, Env, Static


@compiles(ast.ListLiteral)
def list_(compiler: Compiler, node: ast.ListLiteral, static: Static | None) -> Closure:
    items = [compiler.compile(item, static) for item in node.items]

    def run(env: Env) -> Value:
        check_list(len(items))
        return [item(env) for item in items]

    return run


@compiles(ast.ContextLiteral)
def context(compiler: Compiler, node: ast.ContextLiteral, static: Static | None) -> Closure:
    """Each entry sees those before it."""
    entries: list[tuple[str, Closure]] = []
    for key, value in node.entries:
        entries.append((key, compiler.compile(value, static)))
        static = Static(key, static)

    def run(env: Env) -> Value:
        result: dict[str, Value] = {}
        for key, entry in entries:
            value = result[key] = entry(env)
            env = (value, env)
        return result

    return run


def _range(low: Value, high: Value, low_closed: bool, high_closed: bool) -> Range:
    if low is not None and high is not None:
        if kind(low) != kind(high):
            raise type_mismatch("“..”", kind(low), describe(high))
        order(low, high, "“..”")
    elif low is None and high is None:
        raise bad_value("rentang tanpa ujung", "a range without ends")
    return Range(low, high, low_closed, high_closed)


_LITERALS = (ast.NumberLiteral, ast.StringLiteral)


@compiles(ast.Range)
def range_(compiler: Compiler, node: ast.Range, static: Static | None) -> Closure:
    if node.low is None and node.high is not None:
        high = compiler.compile(node.high, static)
        operator = "<=" if node.high_closed else "<"
        return lambda env: Range(None, high(env), False, node.high_closed, operator)
    if node.high is None and node.low is not None:
        low = compiler.compile(node.low, static)
        operator = ">=" if node.low_closed else ">"
        return lambda env: Range(low(env), None, node.low_closed, False, operator)
    if node.low is None or node.high is None:
        return constant(None)
    first, last = compiler.compile(node.low, static), compiler.compile(node.high, static)

    def build(low: Value, high: Value) -> Value:
        if compiler.strict and (low is None or high is None):
            raise type_mismatch("“..”", "number, string, date, time, duration", "null")
        return _range(low, high, node.low_closed, node.high_closed)

    if isinstance(node.low, _LITERALS) and isinstance(node.high, _LITERALS):
        try:
            return constant(build(first(None), last(None)))
        except FeelError:  # left for run time, when it is an error of this evaluation
            pass
    make = compiler.dialect.protect(build, node.span)
    return lambda env: make(first(env), last(env))


@compiles(ast.Compare)
def compare(compiler: Compiler, node: ast.Compare, static: Static | None) -> Closure:
    """`(= 10)` as a value: a test that a later `in` applies."""
    operand = compiler.compile(node.operand, static)

    def run(env: Env) -> Value:
        value, operator = operand(env), node.operator
        if operator in ("=", "!="):
            return Range(value, value, True, True, operator)
        if operator in ("<", "<="):
            return Range(None, value, False, operator == "<=", operator)
        return Range(value, None, operator == ">=", False, operator)

    return run


class Lambda(Function):
    """A function written in FEEL, with the environment of the place where it was written."""

    def __init__(self, node: ast.FunctionLiteral, types: tuple[Type, ...], body: Closure, env: Env) -> None:
        self.parameters = tuple(name for name, _ in node.parameters)
        self.types = types
        self.body = body
        self.env = env

    def call(self, arguments: Sequence[Value]) -> Value:
        if len(arguments) != len(self.parameters):
            raise wrong_count(self.parameters, len(arguments))
        env = self.env
        for name, type_, argument in zip(self.parameters, self.types, arguments, strict=True):
            env = (argument if type_ is ANY else convert(argument, type_, f"“{name}”"), env)
        enter_call()
        try:
            return self.body(env)
        finally:
            leave_call()

    def call_named(self, arguments: Mapping[str, Value]) -> Value:
        return self.call(in_order(self.parameters, arguments))


def in_order(parameters: Sequence[str], arguments: Mapping[str, Value]) -> list[Value]:
    """Named arguments in the order of the parameters; FeelError unless the names are exactly these."""
    if set(arguments) != set(parameters):
        raise FeelError(
            ARGUMENTS,
            f"parameter fungsi ialah {', '.join(parameters) or 'tidak ada'}; diberikan {', '.join(arguments)}",
            f"the parameters are {', '.join(parameters) or 'none'}; given {', '.join(arguments)}",
        )
    return [arguments[name] for name in parameters]


def wrong_count(parameters: Sequence[str], count: int) -> FeelError:
    return FeelError(
        ARGUMENTS,
        f"fungsi memerlukan {len(parameters)} argumen, diberikan {count}",
        f"the function takes {len(parameters)} arguments, {count} given",
    )


@compiles(ast.FunctionLiteral)
def function(compiler: Compiler, node: ast.FunctionLiteral, static: Static | None) -> Closure:
    if node.external:  # foreign code is never run
        return constant(None) if not compiler.strict else _refuse_external(node)
    types: list[Type] = []
    inner = static
    for name, written in node.parameters:
        found = ANY if written is None else from_source(written, compiler.types)
        if found is None and compiler.strict and written is not None:
            raise type_mismatch(f"“{name}”", "type", written.name, written.span)
        types.append(found or ANY)
        inner = Static(name, inner)
    body = compiler.compile(node.body, inner)
    known = tuple(types)
    return lambda env: Lambda(node, known, body, env)


def _refuse_external(node: ast.FunctionLiteral) -> Closure:
    def run(_: Env) -> Value:
        raise FeelError(
            "fungsi_luar",
            "fungsi luar (Java, PMML) tidak dijalankan",
            "external functions (Java, PMML) are not run",
            span=node.span,
        )

    return run
