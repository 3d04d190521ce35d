"""Lowering: checked FEEL syntax → the intermediate form. Shares with the FEEL evaluator nothing but the syntax tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ...feel import syntax as s
from . import functions, numeric
from .errors import NotPortable
from .ir import Ask, Cond, Each, Expr, Get, Holds, Keep, Let, Lit, Lookup, Make, Many, Op, Var
from .temporal import arithmetic as temporal_arithmetic
from .temporal import literal as temporal_literal
from .temporal import part as temporal_part
from .types import INTEGER, Bool, Day, Field, ListOf, Months, Null, Num, Record, Seconds, Text, Type, type_name


@dataclass(frozen=True, slots=True)
class DecisionSignature:
    """parameters: (name, type, nullable) in the order of the decision's inputs."""

    name: str
    parameters: tuple[tuple[str, Type, bool], ...]
    result: Record


@dataclass(frozen=True, slots=True)
class ParameterSignature:
    name: str
    type: Type
    key: Type | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean: values, then parameters, then decisions."""

    values: Mapping[str, Expr]
    parameters: Mapping[str, ParameterSignature] = field(default_factory=dict)
    decisions: Mapping[str, DecisionSignature] = field(default_factory=dict)

    def bind(self, **values: Expr) -> Scope:
        return self.extend(values)

    def extend(self, values: Mapping[str, Expr]) -> Scope:
        return Scope({**self.values, **values}, self.parameters, self.decisions)


_COMPARISONS = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_ORDERED = (Text, Day, Seconds, Months)


class Lowering:
    """One expression at a time; `lower` raises NotPortable with the reason and the span."""

    def __init__(self) -> None:
        self._fresh = 0

    def lower(self, node: s.Node, scope: Scope) -> Expr:
        try:
            return self._lower(node, scope)
        except NotPortable as error:
            error.span = error.span or node.span
            raise

    def fresh(self) -> str:
        self._fresh += 1
        return f"x{self._fresh}"

    def _lower(self, node: s.Node, scope: Scope) -> Expr:
        match node:
            case s.NumberLiteral(value=value):
                return numeric.number(value)
            case s.StringLiteral(value=text):
                return Lit(text, Text())
            case s.BooleanLiteral(value=boolean):
                return Lit(boolean, Bool())
            case s.NullLiteral():
                return Lit(None, Null(), True)
            case s.TemporalLiteral(text=text):
                return temporal_literal(text)
            case s.Name(name=name):
                return self._name(name, scope)
            case s.Path(source=source, name=name):
                return self._path(self.lower(source, scope), name)
            case s.Filter():
                return self._filter(node, scope)
            case s.Call():
                return self._call(node, scope)
            case s.Arithmetic():
                operator = node.operator
                pair = [self.lower(node.left, scope), self.lower(node.right, scope)]
                return self.bind(pair, lambda ab: self._arithmetic(operator, *ab))
            case s.Negation(operand=operand):
                return self._negation(self.lower(operand, scope))
            case s.Comparison():
                compared = node.operator
                pair = [self.lower(node.left, scope), self.lower(node.right, scope)]
                return self.bind(pair, lambda ab: self.compare(compared, *ab))
            case s.Between(value=tested):
                low, high = self.lower(node.low, scope), self.lower(node.high, scope)
                return self.once(
                    self.lower(tested, scope),
                    lambda x: self.once(low, lambda a: self.once(high, lambda b: self.within(x, a, b, True, True))),
                )
            case s.In(tests=tests):
                return self.once(self.lower(node.value, scope), lambda x: self.tests(tests, x, scope))
            case s.Logic(operator=operator):
                left, right = numeric.truth(self.lower(node.left, scope)), numeric.truth(self.lower(node.right, scope))
                return Op(operator, (left, right), Bool())
            case s.If():
                return self._if(node, scope)
            case s.For():
                return self._for(node.iterators, node.body, scope)
            case s.Quantified():
                return self._quantified(node.kind, node.iterators, node.condition, scope)
            case s.ListLiteral(items=items):
                return self.listing([self.lower(item, scope) for item in items])
            case s.ContextLiteral(entries=entries):
                return self._context(entries, scope)
        name = type(node).__name__
        raise NotPortable(f"bentuk {name}", f"the construct {name}", node.span)

    def once(self, value: Expr, body: Callable[[Expr], Expr]) -> Expr:
        """The body over a value that it may use several times, computed once."""
        if isinstance(value, Var | Lit):
            return body(value)
        x = Var(self.fresh(), value.type, value.nullable)
        found = body(x)
        return Let(x.name, value, found, found.type, found.nullable)

    def bind(self, values: Sequence[Expr], body: Callable[[list[Expr]], Expr]) -> Expr:
        """The body over values that are all computed before the first of them is looked at, as FEEL does it.

        It matters only where an earlier one may be null (its error comes late) and a later one may fail by itself.
        """
        late = [index for index, value in enumerate(values) if not isinstance(value, Var | Lit)]
        early = [index for index, value in enumerate(values) if value.nullable or _may_hold_null(value.type)]
        if not late or not early or early[0] >= late[-1]:
            return body(list(values))
        held: list[Expr] = [
            value if isinstance(value, Var | Lit) else Var(self.fresh(), value.type, value.nullable) for value in values
        ]
        found = body(held)
        for x, value in zip(reversed(held), reversed(values), strict=True):
            if isinstance(x, Var) and x is not value:
                found = Let(x.name, value, found, found.type, found.nullable)
        return found

    # ── names and access ──────────────────────────────────────────────────────────────────────────────────────────────
    def _name(self, name: str, scope: Scope) -> Expr:
        if name in scope.values:
            return scope.values[name]
        parameter = scope.parameters.get(name)
        if parameter and parameter.key is None:
            return Lookup(name, None, parameter.type)
        raise NotPortable(f"nama “{name}”", f'the name "{name}"')

    def _path(self, source: Expr, name: str) -> Expr:
        kind = source.type
        if isinstance(kind, ListOf) and isinstance(kind.element, Record):
            x = Var(self.fresh(), kind.element, kind.nullable)
            body = self._path(x, name)
            return Each(x.name, numeric.need(source), body, ListOf(body.type, body.nullable))
        if isinstance(kind, Record):
            found = kind.field(name)
            if found is None:
                raise NotPortable(f"bagian “{name}” tidak ada", f'no member "{name}"')
            return Get(numeric.need(source), name, found.type, found.nullable)
        return temporal_part(numeric.need(source), name)

    def _filter(self, node: s.Filter, scope: Scope) -> Expr:
        source = numeric.need(self.lower(node.source, scope))
        if not isinstance(source.type, ListOf):
            raise NotPortable("saringan atas nilai tunggal", "a filter on a single value", node.span)
        element = source.type.element
        x = Var(self.fresh(), element, source.type.nullable)
        inner: dict[str, Expr] = {"item": x}
        if isinstance(element, Record):
            inner |= {f.name: Get(x, f.name, f.type, f.nullable) for f in element.fields}
        test = self.lower(node.predicate, scope.extend(inner))
        if isinstance(test.type, Num):
            position = numeric.constant(test)
            if position is None or position.denominator != 1:
                raise NotPortable("posisi yang dihitung", "a computed position", node.predicate.span)
            return Op("at", (source, numeric.number(position)), element, source.type.nullable)
        return Keep(x.name, source, numeric.truth(test), source.type)

    def _context(self, entries: tuple[tuple[str, s.Node], ...], scope: Scope) -> Expr:
        fields: list[tuple[str, Var]] = []
        values: list[Expr] = []
        for name, value in entries:
            expr = self.lower(value, scope)
            x = Var(self.fresh(), expr.type, expr.nullable)
            fields.append((name, x))
            values.append(expr)
            scope = scope.extend({name: x})  # a later entry may read it
        found: Expr = Make(tuple(fields), Record(tuple(Field(n, x.type, x.nullable) for n, x in fields)))
        for (_, x), expr in zip(reversed(fields), reversed(values), strict=True):
            found = Let(x.name, expr, found, found.type)
        return found

    def listing(self, values: list[Expr]) -> Expr:
        items, kind, nullable = numeric.join(values, "daftar")
        return Many(tuple(items), ListOf(kind, nullable))

    def _call(self, node: s.Call, scope: Scope) -> Expr:
        if not isinstance(node.function, s.Name):
            raise NotPortable("pemanggilan fungsi yang dihitung", "a call of a computed function", node.span)
        name = node.function.name
        if name in scope.values:
            raise NotPortable(f"“{name}” sebagai fungsi", f'"{name}" as a function', node.span)
        arguments = [self.lower(argument, scope) for argument in node.arguments]
        named = {key: self.lower(value, scope) for key, value in node.named}
        if parameter := scope.parameters.get(name):
            return self._lookup(parameter, [*arguments, *named.values()])
        if decision := scope.decisions.get(name):
            return self._ask(decision, arguments, named)
        count = len(arguments)

        def call(held: list[Expr]) -> Expr:
            return functions.call(self, name, held[:count], dict(zip(named, held[count:], strict=True)))

        return self.bind([*arguments, *named.values()], call)

    def _lookup(self, parameter: ParameterSignature, arguments: list[Expr]) -> Expr:
        if parameter.key is None or len(arguments) != 1:
            raise NotPortable(f"pemanggilan “{parameter.name}”", f'this call of "{parameter.name}"')
        key = numeric.need(arguments[0])
        if isinstance(parameter.key, Num) and isinstance(key.type, Num):
            assert parameter.key.den
            key = Op("exact", (numeric.ratio(key), Lit(parameter.key.den, INTEGER)), parameter.key, True)
        elif key.type != parameter.key:
            raise numeric.mismatch(type_name(parameter.key), key)
        return Lookup(parameter.name, key, parameter.type)

    def _ask(self, decision: DecisionSignature, arguments: list[Expr], named: dict[str, Expr]) -> Expr:
        given = dict(zip((name for name, _, _ in decision.parameters), arguments, strict=False)) | named
        if len(arguments) + len(named) != len(decision.parameters) or len(given) != len(decision.parameters):
            raise NotPortable(f"jumlah masukan “{decision.name}”", f'the number of inputs of "{decision.name}"')
        values = []
        for name, kind, _ in decision.parameters:
            if name not in given:
                raise NotPortable(f"masukan “{name}” tidak diberikan", f'input "{name}" is not given')
            values.append(fit(given[name], kind))
        return Ask(decision.name, tuple(values), decision.result)

    # ── operators ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _arithmetic(self, operator: str, a: Expr, b: Expr) -> Expr:
        if isinstance(a.type, Text) and isinstance(b.type, Text) and operator == "+":
            return Op("join", (numeric.need(a), numeric.need(b)), Text())
        if not (isinstance(a.type, Num | Null) and isinstance(b.type, Num | Null)):
            return temporal_arithmetic(operator, numeric.need(a), numeric.need(b))
        match operator:
            case "+" | "-":
                return numeric.add(a, b, "add" if operator == "+" else "sub")
            case "*":
                return numeric.multiply(a, b)
            case "/":
                return numeric.divide(a, b)
            case "**":
                return numeric.power(a, b)
        raise NotPortable(f"operator {operator}", f"the operator {operator}")

    def _negation(self, x: Expr) -> Expr:
        if isinstance(x.type, Seconds | Months):
            return Op("neg", (numeric.need(x),), x.type)
        return numeric.negate(x)

    def compare(self, operator: str, a: Expr, b: Expr) -> Expr:
        if operator in ("=", "!="):
            return self._equality(operator, a, b)
        name = _COMPARISONS[operator]
        if isinstance(a.type, Num) and isinstance(b.type, Num):
            return numeric.order(name, a, b)
        if isinstance(a.type, Null) or isinstance(b.type, Null):
            return Op(name, (numeric.need(a), numeric.need(b)), Bool())
        if a.type != b.type or not isinstance(a.type, _ORDERED):
            raise numeric.mismatch(type_name(a.type), b)
        return Op(name, (numeric.need(a), numeric.need(b)), Bool())

    def _equality(self, operator: str, a: Expr, b: Expr) -> Expr:
        null = [isinstance(x, Lit) and x.value is None for x in (a, b)]
        name = _COMPARISONS[operator]
        if any(null):
            test: Expr = Op("is_null", (b if null[0] else a,), Bool())
            return test if operator == "=" else Op("not", (test,), Bool())
        if a.nullable or b.nullable:  # null equals null only
            test = Op("same", tuple(functions.comparable(a, b)), Bool())
            return test if operator == "=" else Op("not", (test,), Bool())
        if isinstance(a.type, Num) and isinstance(b.type, Num):
            return numeric.order(name, a, b)
        if isinstance(a.type, Record) or isinstance(b.type, Record):
            raise NotPortable("persamaan konteks", "equality of contexts")
        return Op(name, tuple(functions.comparable(a, b)), Bool())

    def within(
        self, value: Expr, low: Expr | None, high: Expr | None, low_closed: bool, high_closed: bool, both: str = "and"
    ) -> Expr:
        """low..high contains value; both: "both" compares with the second end even where the first has decided."""
        parts: list[Expr] = []
        if low is not None:
            parts.append(self.compare(">=" if low_closed else ">", value, low))
        if high is not None:
            parts.append(self.compare("<=" if high_closed else "<", value, high))
        if not parts:
            raise NotPortable("rentang tanpa batas", "a range without ends")
        return parts[0] if len(parts) == 1 else Op(both, (parts[0], parts[1]), Bool())

    # ── control ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def _if(self, node: s.If, scope: Scope) -> Expr:
        test = numeric.truth(self.lower(node.condition, scope))
        (then, otherwise), kind, nullable = numeric.join([self.lower(node.then, scope), self.lower(node.otherwise, scope)], "if")
        return Cond(test, then, otherwise, kind, nullable)

    def _domain(self, iterator: s.Iterator, scope: Scope) -> tuple[Var, Expr]:
        if iterator.end is not None:
            low, high = self.lower(iterator.domain, scope), self.lower(iterator.end, scope)
            source: Expr = Op("count_from_to", (numeric.to_integer(low), numeric.to_integer(high)), ListOf(INTEGER))
        else:
            source = numeric.need(self.lower(iterator.domain, scope))
        if not isinstance(source.type, ListOf):
            raise numeric.mismatch("list", source)
        return Var(self.fresh(), source.type.element, source.type.nullable), source

    def _for(self, iterators: tuple[s.Iterator, ...], body: s.Node, scope: Scope) -> Expr:
        head, *rest = iterators
        x, source = self._domain(head, scope)
        inner = scope.extend({head.name: x})
        value = self._for(tuple(rest), body, inner) if rest else self.lower(body, inner)
        if rest:
            return Each(x.name, source, value, value.type, flat=True)
        return Each(x.name, source, value, ListOf(value.type, value.nullable or isinstance(value.type, Null)))

    def _quantified(self, kind: str, iterators: tuple[s.Iterator, ...], condition: s.Node, scope: Scope) -> Expr:
        head, *rest = iterators
        x, source = self._domain(head, scope)
        inner = scope.extend({head.name: x})
        test = self._quantified(kind, tuple(rest), condition, inner) if rest else numeric.truth(self.lower(condition, inner))
        return Holds(kind, x.name, source, test, Bool())

    # ── unary tests ───────────────────────────────────────────────────────────────────────────────────────────────────
    def tests(self, tests: s.UnaryTests, value: Expr, scope: Scope) -> Expr:
        """Whether a value passes a cell. A null value passes `-`, `null` and `!= x`, and no `not(…)`."""
        if tests.any:
            return Lit(True, Bool())
        found: Expr | None = None
        for test in tests.alternatives:
            part = self._test(test.expression, value, scope)
            found = part if found is None else Op("or", (found, part), Bool())
        assert found is not None
        if not tests.negated:
            return found
        inverse = Op("not", (found,), Bool())
        return self._present(value, lambda _: inverse)

    def _test(self, node: s.Node, value: Expr, scope: Scope) -> Expr:
        if isinstance(node, s.NullLiteral):
            return Op("is_null", (value,), Bool()) if value.nullable else Lit(False, Bool())
        scope = scope.extend({"?": value})
        match node:
            case s.Compare(operator="=" | "!=" as operator, operand=operand):
                return self.compare(operator, value, self.lower(operand, scope))
            case s.Compare(operator=operator, operand=operand):
                return self._present(value, lambda x: self.compare(operator, x, self.lower(operand, scope)))
            case s.Range():
                return self._in_range(node, value, scope)
        other = self.lower(node, scope)
        if uses_question_mark(node):
            return numeric.truth(other)
        if isinstance(other.type, ListOf) and not isinstance(value.type, ListOf):
            return functions.contains(self, other, value)
        return self.compare("=", value, other)

    def _in_range(self, node: s.Range, value: Expr, scope: Scope) -> Expr:
        """Both ends are computed, and must be there, before the value is looked at."""
        if node.low is None or node.high is None:
            low = self.lower(node.low, scope) if node.low is not None else None
            high = self.lower(node.high, scope) if node.high is not None else None
            return self._present(value, lambda x: self.within(x, low, high, node.low_closed, node.high_closed))

        def inside(a: Expr, b: Expr) -> Expr:
            found = self._present(value, lambda x: self.within(x, a, b, node.low_closed, node.high_closed, "both"))
            ends = tuple(numeric.need(end) for end in (a, b) if end.nullable)
            return Op("both", (Op("all_there", ends, Bool()), found), Bool()) if ends else found

        first, last = self.lower(node.low, scope), self.lower(node.high, scope)
        return self.once(first, lambda a: self.once(last, lambda b: inside(a, b)))

    def _present(self, value: Expr, test: Callable[[Expr], Expr]) -> Expr:
        """The test of a value that is there; null fails it."""
        if not value.nullable:
            return test(value)
        present = Op("not", (Op("is_null", (value,), Bool()),), Bool())
        return Op("and", (present, test(Op("need", (value,), value.type))), Bool())


def fit(x: Expr, kind: Type) -> Expr:
    """x as an argument of a declared type; a number must fit its scale exactly."""
    if isinstance(x.type, Num) and isinstance(kind, Num) and kind.den:
        own = x.type.den
        if own and kind.den % own == 0:
            return numeric.scaled(x, kind.den)
        return Op("fit", (numeric.ratio(x), Lit(kind.den, INTEGER)), kind, x.nullable)
    if isinstance(kind, ListOf) and isinstance(x.type, ListOf) and x.type != kind:
        inner = Var("f_", x.type.element, x.type.nullable)
        return Each("f_", numeric.need(x), fit(inner, kind.element), kind)
    if isinstance(kind, Record) and isinstance(x.type, Record) and x.type != kind:
        return Make(tuple((one.name, fit(_member(x, one, kind), one.type)) for one in kind.fields), kind)
    if isinstance(x.type, Null):
        return Lit(None, kind, True)
    if x.type != kind:
        raise numeric.mismatch(type_name(kind), x)
    return x


def _member(x: Expr, wanted: Field, kind: Record) -> Expr:
    """A member of an item that is handed on to a decision which reads fewer of them."""
    found = x.type.field(wanted.name) if isinstance(x.type, Record) else None
    if found is None or (found.nullable and not wanted.nullable):
        raise numeric.mismatch(type_name(kind), x)
    return Get(x, found.name, found.type, found.nullable)


def _may_hold_null(kind: Type) -> bool:
    return isinstance(kind, ListOf) and (kind.nullable or isinstance(kind.element, Null))


def uses_question_mark(node: object) -> bool:
    if isinstance(node, s.Name):
        return node.name == "?"
    if isinstance(node, tuple):
        return any(uses_question_mark(part) for part in node)
    if isinstance(node, s.Node):
        return any(uses_question_mark(getattr(node, name)) for name in node.__dataclass_fields__ if name != "span")
    return False


__all__ = ["DecisionSignature", "Lowering", "ParameterSignature", "Scope", "fit", "uses_question_mark"]
