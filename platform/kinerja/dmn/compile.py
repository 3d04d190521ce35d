"""The compiler's handlers for what DMN adds: declared types, functions with item definitions, decision tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from ..feel import STANDARD, Node
from ..feel import syntax as ast
from ..feel.compiler.composed import Lambda
from ..feel.compiler.core import Compiler, compiles
from ..feel.compiler.scope import Closure, Env, Static
from ..feel.compiler.tests import unary_tests
from ..feel.errors import bad_value, type_mismatch
from ..feel.syntax import Span
from ..feel.types import Type
from ..feel.values import Value, describe, order, same
from .items import UNTYPED
from .nodes import Broken, Parameters, Result, Table, Typed

_NOWHERE = Span(0, 0)


def compile_logic(node: Node, types: Mapping[str, Type]) -> Closure:
    """The logic of an element as a function of the root of its names, in standard FEEL. types: item definitions by name."""
    return Compiler(STANDARD, types).compile(node, None)


@compiles(Broken)
def broken(_compiler: Compiler, _node: Broken, _static: Static | None) -> Closure:
    return lambda _: None


@compiles(Typed)
def typed(compiler: Compiler, node: Typed, static: Static | None) -> Closure:
    value = compiler.compile(node.node, static)
    take = compiler.dialect.protect(lambda found: node.item.take(found, node.where), node.span)
    return lambda env: take(value(env))


@compiles(Parameters)
def parameters(compiler: Compiler, node: Parameters, static: Static | None) -> Closure:
    inner = static
    body = node.body
    for name in node.names:
        inner = Static(name, inner)
    run = compiler.compile(body, inner)
    literal = ast.FunctionLiteral(tuple((name, None) for name in node.names), body)
    types = tuple(item.type for item in node.items)
    return lambda env: _Checked(literal, types, run, env, node)


class _Checked(Lambda):
    """A function that checks its arguments against item definitions."""

    def __init__(self, literal: ast.FunctionLiteral, types: tuple[Any, ...], body: Closure, env: Env, node: Parameters) -> None:
        super().__init__(literal, types, body, env)
        self.node = node

    def call(self, arguments: Sequence[Value]) -> Value:
        if len(arguments) == len(self.parameters):
            pairs = zip(self.node.items, self.node.names, arguments, strict=True)
            arguments = [item.take(argument, name) for item, name, argument in pairs]
        return super().call(arguments)


# ── decision tables ───────────────────────────────────────────────────────────────────────────────────────────────────
Outputs = dict[str, Value] | Value


@compiles(Table)
def table(compiler: Compiler, node: Table, static: Static | None) -> Closure:
    columns = [compiler.compile(column.expression, static) for column in node.columns]
    tested = Static("?", static)
    allowed = [unary_tests(compiler, column.allowed, tested) if column.allowed is not None else None for column in node.columns]
    rules = [
        ([unary_tests(compiler, tests, tested) for tests in rule.tests], _row(compiler, node.results, rule.outputs, static))
        for rule in node.rules
    ]
    default = _default(compiler, node.results, static)
    priorities = [[compiler.compile(value, static) for value in result.values] for result in node.results]

    def run(env: Env) -> Value:
        inputs = [column(env) for column in columns]
        for value, passes in zip(inputs, allowed, strict=True):
            if passes is not None and value is not None and passes((value, env)) is not True:
                raise bad_value("masukan di luar nilai yang diperbolehkan", "an input outside the allowed values")
        environments = [(value, env) for value in inputs]
        matched = []
        for tests, row in rules:
            if all(passes(one) is True for passes, one in zip(tests, environments, strict=False)):
                matched.append(row)
                if node.hit == "FIRST":
                    break
        if not matched and default is not None and node.hit != "COLLECT":
            return default(env)
        return decide([row(env) for row in matched], env)

    def decide(outputs: list[Outputs], env: Env) -> Value:
        if node.hit == "COLLECT":
            if not outputs and default is not None:
                outputs = [default(env)]
            return _collect(compiler, node.aggregation, outputs)
        if node.hit in ("RULE ORDER", "OUTPUT ORDER"):
            return outputs if node.hit == "RULE ORDER" else by_priority(outputs, env)
        if not outputs:
            return None
        if node.hit == "UNIQUE" and len(outputs) > 1:
            raise bad_value(f"{len(outputs)} baris cocok, UNIQUE", f"{len(outputs)} rules match under UNIQUE")
        if node.hit == "ANY" and not all(same(outputs[0], other) for other in outputs):
            raise bad_value("baris yang cocok berbeda hasilnya (ANY)", "rules that match differ in output (ANY)")
        return by_priority(outputs, env)[0] if node.hit == "PRIORITY" else outputs[0]

    def by_priority(outputs: list[Outputs], env: Env) -> list[Outputs]:
        ranks = [[value(env) for value in values] for values in priorities]

        def rank(output: Outputs) -> list[int]:
            found = list(output.values()) if len(node.results) > 1 and isinstance(output, dict) else [output]
            return [
                next((place for place, value in enumerate(values) if same(value, one)), len(values))
                for values, one in zip(ranks, found, strict=True)
            ]

        return sorted(outputs, key=rank)

    return compiler.dialect.protect(run, node.span)


def _row(compiler: Compiler, results: tuple[Result, ...], outputs: tuple[ast.Node, ...], static: Static | None) -> Closure:
    """The outputs of one rule: the value, or with several columns a context of them."""
    closures = [_taken(compiler, result, output, static) for result, output in zip(results, outputs, strict=False)]
    if len(results) == 1:
        return closures[0] if closures else lambda _: None
    names = [result.name for result in results]
    return lambda env: {name: closure(env) for name, closure in zip(names, closures, strict=False)}


def _taken(compiler: Compiler, result: Result, output: ast.Node, static: Static | None) -> Closure:
    closure = compiler.compile(output, static)
    if result.item is UNTYPED:
        return closure
    take = compiler.dialect.protect(lambda value: result.item.take(value, result.name or "output"), _NOWHERE)
    return lambda env: take(closure(env))


def _default(compiler: Compiler, results: tuple[Result, ...], static: Static | None) -> Closure | None:
    if not any(result.otherwise is not None for result in results):
        return None
    return _row(compiler, results, tuple(result.otherwise or ast.NullLiteral() for result in results), static)


def _collect(compiler: Compiler, aggregation: str, outputs: list[Outputs]) -> Value:
    if not aggregation:
        return outputs
    if aggregation == "COUNT":
        return compiler.arithmetic.number(len(outputs))
    if not outputs:
        return None
    if any(isinstance(output, dict) for output in outputs):
        names = list(outputs[0])
        return {name: _aggregate(compiler, aggregation, [output[name] for output in outputs]) for name in names}
    return _aggregate(compiler, aggregation, outputs)


def _aggregate(compiler: Compiler, aggregation: str, values: list[Value]) -> Value:
    if aggregation == "SUM":
        for value in values:
            if type(value) is not compiler.arithmetic.type:
                raise type_mismatch("COLLECT SUM", "number", describe(value))
        return reduce(compiler.arithmetic.add, values)
    pick: Callable[[Value, Value], Value] = (
        (lambda a, b: b if order(b, a) < 0 else a) if aggregation == "MIN" else (lambda a, b: b if order(b, a) > 0 else a)
    )
    return reduce(pick, values)
