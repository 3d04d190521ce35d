"""Boxed expressions → syntax trees. A context is a context, an invocation a call, a relation a list of contexts …"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast
from typing import Literal as OneOf

from ..feel import FeelError, Node, UnaryTests, parse_expression, parse_tests
from ..feel import syntax as ast
from ..feel.errors import LIMIT, bad_value
from .items import UNTYPED, Items
from .nodes import Broken, Column, Parameters, Result, Table, TableRule, Typed
from .read import child, children, local, logic_of, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_DEPTH = 40


def _name(element: Element | None, attribute: str = "name") -> str:
    return " ".join((element.get(attribute) or "").split()) if element is not None else ""


class Boxes:
    """Reads the boxed expressions of one model. members: names of components and entries, known after a point."""

    def __init__(self, items: Items, members: Iterable[str]) -> None:
        self.items = items
        self.members = tuple(members)
        self.errors: list[FeelError] = []

    def broken(self, error: FeelError) -> Broken:
        if error.code == LIMIT:
            raise error
        self.errors.append(error)
        return Broken(error)

    def read(self, element: Element | None, names: frozenset[str], depth: int = 0) -> Node:
        """The expression, with its declared type; an unreadable one becomes null (Broken)."""
        if element is None:
            return ast.NullLiteral()
        if depth > MAX_DEPTH:
            return self.broken(bad_value("ekspresi bersarang terlalu dalam", "boxed expressions nested too deeply"))
        reader = _READERS.get(local(element))
        if reader is None:
            return self.broken(bad_value(f"ekspresi “{local(element)}” tidak dikenal", f'unknown expression "{local(element)}"'))
        return self.typed(reader(self, element, names, depth), element.get("typeRef") or "", local(element))

    def typed(self, node: Node, type_ref: str, where: str) -> Node:
        item = self.items.find(type_ref)
        return node if item is UNTYPED else Typed(node, item, where)

    def below(self, element: Element | None, names: frozenset[str], depth: int) -> Node:
        """The expression that an element wraps."""
        return self.read(logic_of(element) if element is not None else None, names, depth + 1)

    def expression(self, text: str, names: frozenset[str]) -> Node:
        if not text.strip():
            return ast.NullLiteral()
        try:
            return parse_expression(text, names, members=self.members)
        except FeelError as error:
            return self.broken(error)

    def tests(self, text: str, names: frozenset[str]) -> UnaryTests:
        if not text.strip():
            return UnaryTests()
        try:
            return parse_tests(text, names, members=self.members)
        except FeelError as error:
            return UnaryTests((ast.Test(self.broken(error)),))

    # ── the kinds ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def literal(self, element: Element, names: frozenset[str], depth: int) -> Node:
        language = element.get("expressionLanguage") or ""
        if language and "FEEL" not in language.upper():
            return self.broken(bad_value(f"bahasa “{language}” tidak didukung", f'the language "{language}" is not supported'))
        return self.expression(text_of(element), names)

    def context(self, element: Element, names: frozenset[str], depth: int) -> Node:
        entries: list[tuple[str, Node]] = []
        result: Node | None = None
        for entry in children(element, "contextEntry"):
            variable = child(entry, "variable")
            node = self.below(entry, names, depth)
            if variable is None:
                result = node
                continue
            name = _name(variable)
            entries.append((name, self.typed(node, variable.get("typeRef") or "", name)))
            names |= {name}
        if result is None:
            if len({name for name, _ in entries}) < len(entries):
                return self.broken(bad_value("kunci konteks dua kali", "a context key twice"))
            return ast.ContextLiteral(tuple(entries))
        key = " result"  # a key that no expression can spell
        return ast.Path(ast.ContextLiteral((*entries, (key, result))), key)

    def invocation(self, element: Element, names: frozenset[str], depth: int) -> Node:
        function = self.below(element, names, depth)
        named = []
        for binding in children(element, "binding"):
            parameter = child(binding, "parameter")
            node = self.below(binding, names, depth)
            type_ref = (parameter.get("typeRef") or "") if parameter is not None else ""
            named.append((_name(parameter), self.typed(node, type_ref, _name(parameter))))
        return ast.Call(function, (), tuple(named))

    def function(self, element: Element, names: frozenset[str], depth: int) -> Node:
        parameters = [(_name(one), one.get("typeRef") or "") for one in children(element, "formalParameter")]
        items = tuple(self.items.find(type_ref) for _, type_ref in parameters)
        if (element.get("kind") or "FEEL") != "FEEL":  # foreign code is never run
            return self.broken(bad_value("fungsi luar tidak dijalankan", "external functions are not run"))
        body = self.below(element, names.union(name for name, _ in parameters), depth)
        return Parameters(tuple(name for name, _ in parameters), items, body)

    def list(self, element: Element, names: frozenset[str], depth: int) -> Node:
        return ast.ListLiteral(tuple(self.read(item, names, depth + 1) for item in element if _is_logic(item)))

    def relation(self, element: Element, names: frozenset[str], depth: int) -> Node:
        columns = [(_name(column), column.get("typeRef") or "") for column in children(element, "column")]
        rows: list[Node] = []
        for row in children(element, "row"):
            cells = [self.read(cell, names, depth + 1) for cell in row if _is_logic(cell)]
            pairs = zip(columns, cells, strict=False)
            rows.append(ast.ContextLiteral(tuple((name, self.typed(cell, type_ref, name)) for (name, type_ref), cell in pairs)))
        return ast.ListLiteral(tuple(rows))

    def conditional(self, element: Element, names: frozenset[str], depth: int) -> Node:
        condition, then, otherwise = (self.below(child(element, part), names, depth) for part in ("if", "then", "else"))
        return ast.If(condition, then, otherwise)

    def filter(self, element: Element, names: frozenset[str], depth: int) -> Node:
        source = self.below(child(element, "in"), names, depth)
        return ast.Filter(source, self.below(child(element, "match"), names.union(self.members), depth))

    def iteration(self, element: Element, names: frozenset[str], depth: int) -> Node:
        iterator, inner = self.iterator(element, names, depth)
        return ast.For((iterator,), self.below(child(element, "return"), inner | {"partial"}, depth))

    def quantified(self, element: Element, names: frozenset[str], depth: int) -> Node:
        iterator, inner = self.iterator(element, names, depth)
        condition = self.below(child(element, "satisfies"), inner, depth)
        return ast.Quantified(cast(OneOf["some", "every"], local(element)), (iterator,), condition)

    def iterator(self, element: Element, names: frozenset[str], depth: int) -> tuple[ast.Iterator, frozenset[str]]:
        name = _name(element, "iteratorVariable")
        return ast.Iterator(name, self.below(child(element, "in"), names, depth)), names | {name}

    # ── decision tables ───────────────────────────────────────────────────────────────────────────────────────────────
    def table(self, element: Element, names: frozenset[str], depth: int) -> Node:
        columns = []
        for column in children(element, "input"):
            expression = child(column, "inputExpression")
            node = self.expression(text_of(expression), names)
            type_ref = (expression.get("typeRef") or "") if expression is not None else ""
            values = text_of(child(column, "inputValues"))
            columns.append(Column(self.typed(node, type_ref, "input"), self.tests(values, names) if values.strip() else None))
        results = tuple(self.result(output, names) for output in children(element, "output"))
        rules = tuple(self.rule(rule, names, results) for rule in children(element, "rule"))
        hit = (element.get("hitPolicy") or "UNIQUE").replace("_", " ")
        return Table(hit, element.get("aggregation") or "", tuple(columns), results, rules)

    def result(self, element: Element, names: frozenset[str]) -> Result:
        values = text_of(child(element, "outputValues"))
        ordered = tuple(test.expression for test in self.tests(values, names).alternatives) if values.strip() else ()
        default = child(element, "defaultOutputEntry")
        otherwise = self.expression(text_of(default), names) if default is not None else None
        item = self.items.find(element.get("typeRef") or "")
        return Result(_name(element), item, ordered or item.values, otherwise)

    def rule(self, element: Element, names: frozenset[str], results: tuple[Result, ...]) -> TableRule:
        tests = tuple(self.tests(text_of(entry), names | {"?"}) for entry in children(element, "inputEntry"))
        outputs = tuple(self.expression(text_of(entry), names) for entry in children(element, "outputEntry"))
        return TableRule(tests, outputs)


def _is_logic(element: Element) -> bool:
    return local(element) in _READERS


Reader = Callable[[Boxes, "Element", frozenset[str], int], Node]
_READERS: dict[str, Reader] = {
    "literalExpression": Boxes.literal,
    "decisionTable": Boxes.table,
    "context": Boxes.context,
    "invocation": Boxes.invocation,
    "functionDefinition": Boxes.function,
    "encapsulatedLogic": Boxes.function,
    "list": Boxes.list,
    "relation": Boxes.relation,
    "conditional": Boxes.conditional,
    "filter": Boxes.filter,
    "for": Boxes.iteration,
    "every": Boxes.quantified,
    "some": Boxes.quantified,
}
