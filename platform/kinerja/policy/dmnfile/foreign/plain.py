"""Boxed expressions, with what DMN adds to FEEL, → plain syntax trees: declared types off, tables inside as conditionals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from ....dmn.nodes import Broken, Parameters, Table, Typed
from ....feel import syntax as s
from ....feel.errors import FeelError

AS_CONDITIONAL = ("UNIQUE", "FIRST", "ANY")
Refuse = Callable[[str, str], None]


def bare(node: s.Node) -> s.Node:
    """The node below its declared types."""
    while isinstance(node, Typed):
        node = node.node
    return node


def plain(node: Any, refuse: Refuse) -> Any:
    """The same tree in plain FEEL. `refuse` is told (Indonesian, English) what cannot be said in it."""
    if isinstance(node, Typed):
        return plain(node.node, refuse)
    if isinstance(node, Broken):
        refuse(*_why(node.error))
        return s.NullLiteral()
    if isinstance(node, Parameters):
        return s.FunctionLiteral(tuple((name, None) for name in node.names), plain(node.body, refuse))
    if isinstance(node, Table):
        return _conditional(node, refuse)
    if isinstance(node, tuple):
        return tuple(plain(item, refuse) for item in node)
    if is_dataclass(node) and not isinstance(node, type | s.Span):
        changes = {field.name: plain(getattr(node, field.name), refuse) for field in fields(node) if field.name != "span"}
        return replace(node, **changes)
    return node


def _why(error: FeelError) -> tuple[str, str]:
    return error.text_id, error.text_en


def _conditional(table: Table, refuse: Refuse) -> s.Node:
    """A table inside an expression as nested ifs, its rows in order."""
    if table.hit not in AS_CONDITIONAL:
        refuse(f"tabel {table.hit} di dalam ekspresi", f"a {table.hit} table inside an expression")
        return s.NullLiteral()
    result: s.Node = _row(table, tuple(one.otherwise or s.NullLiteral() for one in table.results), refuse)
    for rule in reversed(table.rules):
        tests = [
            s.In(plain(column.expression, refuse), plain(test, refuse))
            for column, test in zip(table.columns, rule.tests, strict=False)
            if not test.any
        ]
        condition: s.Node = s.BooleanLiteral(True)
        for number, one in enumerate(tests):
            condition = one if number == 0 else s.Logic("and", condition, one)
        result = s.If(condition, _row(table, rule.outputs, refuse), result)
    return result


def _row(table: Table, outputs: tuple[s.Node, ...], refuse: Refuse) -> s.Node:
    if len(table.results) == 1:
        return plain(outputs[0], refuse) if outputs else s.NullLiteral()
    pairs = zip(table.results, outputs, strict=False)
    return s.ContextLiteral(tuple((one.name, plain(output, refuse)) for one, output in pairs))
