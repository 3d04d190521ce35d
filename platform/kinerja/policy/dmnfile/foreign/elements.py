"""Decisions and knowledge models of a DMN model → rule files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ....core.numbers import terminates_within
from ....dmn.items import UNTYPED, Item
from ....dmn.nodes import Result, Table
from ....feel import infer
from ....feel import syntax as s
from ....feel.builtins import BUILT_INS
from ....feel.types import ANY, Type, common, context_of, list_of
from ....feel.unparse import unparse, unparse_tests
from ...document import Document
from .plain import Refuse, bare, plain
from .scope import Scope
from .types import OUTPUT_SCALE, Held, Simple, Structure, held, shown, words

RESULT = " result"  # the key of a boxed context's result
LISTS = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")
EXACT = frozenset(["min", "max", "sum", "abs", "floor", "ceiling"])
ROUNDING = frozenset(["decimal", "round up", "round down", "round half up", "round half down"])


@dataclass(frozen=True, slots=True)
class Logic:
    """The keys of a rule file that say how: table and hit, formula or steps. outputs: name in the model → what holds it.

    lone: one output, which is the value. many: each output is a list. type: of the whole value.
    """

    keys: Document
    outputs: Mapping[str, Simple]
    nulls: frozenset[str]
    lone: bool
    many: bool
    type: Type


class Elements:
    """One element after another. types: of the names that expressions may use; own: the element's name in the rule file."""

    def __init__(self, scope: Scope, types: Mapping[str, Type], refuse: Refuse, own: str, parameters: Iterable[str] = ()) -> None:
        self.scope, self.types, self.own = scope, dict(types), own
        self.bound, self.failed = frozenset(parameters), False
        self._told = refuse

    def refuse(self, what_id: str, what_en: str) -> None:
        self.failed = True
        self._told(what_id, what_en)

    def logic(self, node: s.Node, item: Item, notes: Sequence[str] = ()) -> Logic | None:
        """None when it cannot be held; `refuse` has been told why. notes: the remark on each row of a table."""
        node = bare(node)
        if isinstance(node, Table):
            return self._table(node, item, notes)
        tree: s.Node = plain(node, self.refuse)
        if self.failed:
            return None
        if isinstance(tree, s.Path) and tree.name == RESULT and isinstance(tree.source, s.ContextLiteral):
            return self._steps(tree.source.entries, item)
        type_ = self._type(tree, item)
        if type_.kind == "context" and isinstance(tree, s.ContextLiteral):
            return self._outputs(tree, item, type_)
        simple = self._simple(type_, item)
        if simple is None:
            return None
        text = self._rounded(self.scope.rewrite(tree, self.bound), simple)
        return Logic({"formula": text}, {self.own: simple}, self._null(tree), True, False, type_)

    def _type(self, tree: s.Node, item: Item) -> Type:
        return item.type if item is not UNTYPED else infer(tree, self.types)[0]

    def _simple(self, type_: Type, item: Item | None) -> Simple | None:
        found: Held | None = held(type_, item)
        if isinstance(found, Simple):
            return found
        self.refuse(*shown(type_))
        return None

    def _null(self, tree: s.Node) -> frozenset[str]:
        """The output may be null where the expression says so itself."""
        return frozenset([self.own]) if _may_be_null(tree) else frozenset()

    def _rounded(self, tree: s.Node, simple: Simple) -> str:
        """The formula; where it could give digits without end it is rounded at the output's scale."""
        if simple.base != "number" or self._ends(tree):
            return unparse(tree)
        if simple.is_list:
            each = s.Name(f"{self.own[:50]}_unsur")
            return unparse(s.For((s.Iterator(each.name, tree),), _cut(each)))
        if _may_be_null(tree):
            return unparse(s.If(s.Comparison("=", tree, s.NullLiteral()), s.NullLiteral(), _cut(tree)))
        return unparse(_cut(tree))

    def _ends(self, tree: s.Node) -> bool:
        """Whether a number certainly fits the output's digits: facts, outputs and parameters do, and what only adds or picks them.

        Products, quotients, powers, steps and items of lists may have more.
        """
        match tree:
            case s.NumberLiteral(value):
                return terminates_within(value, OUTPUT_SCALE)
            case s.NullLiteral():
                return True
            case s.Name(name):
                return name in self.scope.inputs or name in {self.scope.names.of(one) for one in self.bound}
            case s.Path(s.Call(s.Name(name)), _):
                return name not in BUILT_INS  # the output of a decision
            case s.Negation(operand):
                return self._ends(operand)
            case s.Arithmetic("+" | "-", left, right):
                return self._ends(left) and self._ends(right)
            case s.If(_, then, otherwise):
                return self._ends(then) and self._ends(otherwise)
            case s.Call(s.Name(name), (_, s.NumberLiteral(digits))) if name in ROUNDING:
                return digits <= OUTPUT_SCALE
            case s.Call(s.Name("sum"), (s.For(_, body),)):
                return self._ends(body)
            case s.Call(s.Name("count"), _):
                return True
            case s.Call(s.Name(name), arguments):
                return name in EXACT and all(map(self._ends, arguments))
            case s.ListLiteral(items):
                return all(map(self._ends, items))
        return False

    # ── contexts ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _steps(self, entries: Sequence[tuple[str, s.Node]], item: Item) -> Logic | None:
        """A boxed context with a result: its entries are steps, the result is the output."""
        steps, bound, types = {}, self.bound, dict(self.types)
        functions = any(isinstance(value, s.FunctionLiteral) for _, value in entries)
        if functions or self.own in {self.scope.names.of(name) for name, _ in entries}:
            # a function is written out where it is called, and a step cannot be named like the output: one expression then
            whole = s.Path(s.ContextLiteral(tuple(entries)), RESULT)
            simple = self._simple(self._type(whole, item), item)
            if simple is None:
                return None
            rewritten = self.scope.rewrite(whole, self.bound)
            return Logic({"formula": self._rounded(rewritten, simple)}, {self.own: simple}, self._null(whole), True, False, ANY)
        result: s.Node = s.NullLiteral()
        for name, value in entries:
            if name == RESULT:
                result = value
                continue
            steps[self.scope.names.of(name)] = unparse(self.scope.rewrite(value, bound))
            types[name] = infer(value, types)[0]
            bound |= {name}
        type_ = item.type if item is not UNTYPED else infer(result, types)[0]
        simple = self._simple(type_, item)
        if simple is None:
            return None
        steps[self.own] = self._rounded(self.scope.rewrite(result, bound), simple)
        return Logic({"steps": steps}, {self.own: simple}, self._null(result), True, False, type_)

    def _outputs(self, tree: s.ContextLiteral, item: Item, type_: Type) -> Logic | None:
        """A context as the value: each entry is an output."""
        steps: dict[str, str] = {}
        outputs: dict[str, Simple] = {}
        nulls, bound, types = set(), self.bound, dict(self.types)
        for name, value in tree.entries:
            declared = item.components.get(name)
            own = declared.type if declared is not None else infer(value, types)[0]
            simple = self._simple(own, declared)
            if simple is None:
                return None
            outputs[name] = simple
            steps[self.scope.names.of(name)] = self._rounded(self.scope.rewrite(value, bound), simple)
            nulls |= {name} if _may_be_null(value) else set()
            types[name], bound = own, bound | {name}
        return Logic({"steps": steps}, outputs, frozenset(nulls), False, False, type_)

    # ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _table(self, table: Table, item: Item, notes: Sequence[str]) -> Logic | None:
        lone = len(table.results) == 1
        many = table.hit in LISTS and not table.aggregation
        if not table.rules:
            self.refuse("tanpa baris", "without rows")
            return None
        hit, default = self._hit(table)
        if hit is None:
            return None
        declared = item.element if many and item.element is not None else item
        outputs: dict[str, Simple] = {}
        nulls: set[str] = set()
        heading = [unparse(self.scope.rewrite(plain(column.expression, self.refuse), self.bound)) for column in table.columns]
        columns: list[list[str]] = []
        for index, result in enumerate(table.results):
            name = self.own if lone else result.name
            cells = [plain(bare(rule.outputs[index]), self.refuse) for rule in table.rules] + ([default[index]] if default else [])
            simple = self._column(result, cells, declared if lone else declared.components.get(name), table)
            if simple is None:
                return None
            outputs[name] = simple
            nulls |= {name} if any(isinstance(cell, s.NullLiteral) for cell in cells) else set()
            columns.append([self._rounded(self.scope.rewrite(cell, self.bound), simple) for cell in cells])
        if table.hit in ("PRIORITY", "OUTPUT ORDER") and not self._ranked(outputs, table):
            return None
        rows = [[_test(self.scope.rewrite(plain(test, self.refuse), self.bound)) for test in rule.tests] for rule in table.rules]
        rows += [["-"] * len(heading)] if default else []
        names = [self.own if lone else self.scope.names.of(result.name) for result in table.results]
        grid = [[*heading, *names], *([*row, *(column[index] for column in columns)] for index, row in enumerate(rows))]
        if any(notes):
            remarks = [*notes, *[""] * (len(rows) - len(notes))]
            grid = [[*row, note] for row, note in zip(grid, ["catatan", *remarks], strict=True)]
        keys = {"hit": hit, "table": "\n".join("| " + " | ".join(row) + " |" for row in grid)}
        base = context_of({name: one_type(simple) for name, simple in outputs.items()})
        whole = one_type(next(iter(outputs.values()))) if lone else base
        return Logic(keys, outputs, frozenset(nulls), lone, many, list_of(whole) if many else whole)

    def _ranked(self, outputs: dict[str, Simple], table: Table) -> bool:
        """Give an output without an order of its words the order in which rows bring them, where that changes no priority."""
        for index, (name, simple) in enumerate(outputs.items()):
            if simple.values:
                continue
            cells = [tuple(bare(output) for output in rule.outputs) for rule in table.rules]
            found = words(tuple(row[index] for row in cells))
            ordered = (
                all(isinstance(row[index], s.StringLiteral) for row in cells)
                and all(
                    found.index(one[index].value) <= found.index(other[index].value)  # type: ignore[attr-defined]
                    for number, one in enumerate(cells)
                    for other in cells[number + 1 :]
                    if one[:index] == other[:index]
                )
            )
            if not ordered:
                self.refuse(f"{table.hit} tanpa urutan nilai keluaran", f"{table.hit} without output values in order")
                return False
            outputs[name] = Simple("text", simple.is_list, found)
        return True

    def _hit(self, table: Table) -> tuple[str | None, tuple[s.Node, ...]]:
        """The hit policy, and the outputs of a row for all other cases where the table has default outputs."""
        hit = f"{table.hit} {table.aggregation}".strip()
        if not any(result.otherwise is not None for result in table.results):
            return hit, ()
        if table.hit not in ("UNIQUE", "ANY", "FIRST"):
            self.refuse(f"keluaran bawaan dengan {hit}", f"default outputs with {hit}")
            return None, ()
        return "FIRST", tuple(plain(result.otherwise or s.NullLiteral(), self.refuse) for result in table.results)

    def _column(self, result: Result, cells: Sequence[s.Node], declared: Item | None, table: Table) -> Simple | None:
        if table.aggregation in ("COUNT", "SUM"):
            return Simple("number")
        item = result.item if result.item is not UNTYPED else declared if declared is not None else UNTYPED
        type_ = item.type
        if item is UNTYPED:
            type_ = infer(cells[0], self.types)[0]
            for cell in cells[1:]:
                type_ = common(type_, infer(cell, self.types)[0])
        simple = self._simple(type_, item)
        listed = words(result.values)
        ordered = listed or (simple.values if simple is not None else ())
        if simple is not None and ordered and simple.base == "text":
            return Simple("text", simple.is_list, ordered)
        return simple


def one_type(simple: Simple) -> Type:
    base = {"text": "string"}.get(simple.base, simple.base)
    return list_of(Type(base)) if simple.is_list else Type(base)


def _cut(tree: s.Node) -> s.Node:
    return s.Call(s.Name("decimal"), (tree, s.NumberLiteral(Fraction(OUTPUT_SCALE))))


def _test(tests: s.UnaryTests) -> str:
    return unparse_tests(tests)


def _may_be_null(tree: s.Node) -> bool:
    """Whether a branch is null as written."""
    if isinstance(tree, s.If):
        return _may_be_null(tree.then) or _may_be_null(tree.otherwise)
    if isinstance(tree, s.Path) and isinstance(tree.source, s.ContextLiteral):
        return any(name == tree.name and _may_be_null(value) for name, value in tree.source.entries)
    return isinstance(tree, s.NullLiteral)


__all__ = ["Elements", "Held", "Logic", "Structure"]
