"""FEEL → Z3: expressions and cells over the inputs of a decision, with every way they can fail.

Products and quotients of two unknowns are kept as new unknowns with true linear consequences; their exact meaning is set
aside in `exact`, for a second attempt. Lists are known by their aggregates only (aggregates.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import z3

from ...feel.syntax import (
    Arithmetic,
    Between,
    BooleanLiteral,
    Call,
    Compare,
    Comparison,
    If,
    In,
    Logic,
    Name,
    Negation,
    Node,
    NullLiteral,
    NumberLiteral,
    Path,
    Range,
    StringLiteral,
    TemporalLiteral,
    UnaryTests,
)
from ..assemble.scope import uses
from ..model import Policy
from .ranges import Env, bounds
from .terms import NO, NULL, YES, NotEncodable, Texts, Val, constant, number, variable

ROUNDINGS = ("round half up", "round half down", "round up", "round down", "floor", "ceiling")
OPERATORS: dict[str, Any] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """When (a condition) the expression fails, by which named error, where."""

    when: Any
    code: str
    node: Node


@dataclass(slots=True)
class Encoder:
    """env: static bounds. scope: name → value. axioms: what is true of all unknowns. exact: what they are exactly."""

    policy: Policy
    env: Env
    world: Mapping[str, Any]
    texts: Texts = field(default_factory=Texts)
    scope: dict[str, Val] = field(default_factory=dict)
    definitions: dict[Node, Node] = field(default_factory=dict)
    axioms: list[Any] = field(default_factory=list)
    exact: list[Any] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    path: Any = YES
    multipliers: set[Fraction] = field(default_factory=lambda: {Fraction(0), Fraction(1)})
    opaque: dict[Any, Val] = field(default_factory=dict)
    prefix: str = ""
    fresh: int = 0

    # ── helpers ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def unknown(self, kind: str = "real") -> Any:
        self.fresh += 1
        name = f"{self.prefix}!{self.fresh}"
        return {"real": z3.Real, "int": z3.Int, "bool": z3.Bool}[kind](name)

    def fail(self, when: Any, code: str, node: Node) -> None:
        if not z3.is_false(z3.simplify(when)):
            self.failures.append(Failure(z3.And(self.path, when), code, node))

    def under(self, condition: Any, node: Node) -> Val:
        """Encode where `condition` holds."""
        before = self.path
        self.path = z3.And(before, condition)
        try:
            return self.of(node)
        finally:
            self.path = before

    def solid(self, value: Val, kind: str, node: Node) -> Any:
        """The term of a value that must be there and of this kind."""
        if value.kind == "null":
            self.fail(YES, "nilai_null", node)
            return {"number": z3.RealVal(0), "boolean": NO}.get(kind, z3.IntVal(0))
        if value.kind != kind:
            raise NotEncodable
        self.fail(value.null, "nilai_null", node)
        return value.term

    # ── expressions ───────────────────────────────────────────────────────────────────────────────────────────────────
    def of(self, node: Node) -> Val:
        match node:
            case NumberLiteral(value):
                return Val("number", number(value))
            case StringLiteral(value):
                return Val("text", z3.IntVal(self.texts.of(value)))
            case BooleanLiteral(value):
                return Val("boolean", z3.BoolVal(value))
            case NullLiteral():
                return NULL
            case TemporalLiteral(text):
                return self._date(text)
            case Name(name):
                return self._name(name)
            case Negation(operand):
                return Val("number", -self.solid(self.of(operand), "number", node))
            case Arithmetic():
                return self._arithmetic(node)
            case Comparison(operator, left, right):
                return self._compare(operator, left, right, node)
            case Logic(operator, left, right):
                return self._logic(operator, left, right, node)
            case If(condition, then, otherwise):
                return self._if(condition, then, otherwise, node)
            case Between(value, low, high):
                term = self.of(value)
                return Val(
                    "boolean", z3.And(self._order(">=", term, self.of(low), node), self._order("<=", term, self.of(high), node))
                )
            case In(value, tests):
                return Val("boolean", self.tests(tests, self.of(value)))
            case Path():
                return self._path(node)
            case Call(Name(name), arguments, named):
                return self._call(name, arguments, named, node)
            case _:
                from .aggregates import list_value

                return list_value(self, node)

    def _name(self, name: str) -> Val:
        if name in self.scope:
            return self.scope[name]
        if name in self.world:
            return constant(self.world[name], self.texts)
        raise NotEncodable

    def _date(self, text: str) -> Val:
        try:
            return Val("date", z3.IntVal(date.fromisoformat(text).toordinal()))
        except ValueError:
            raise NotEncodable from None

    def _arithmetic(self, node: Arithmetic) -> Val:
        left, right = self.of(node.left), self.of(node.right)
        if {left.kind, right.kind} <= {"date", "days"}:
            if node.operator == "-" and left.kind == right.kind == "date":
                return Val("days", self.solid(left, "date", node.left) - self.solid(right, "date", node.right))
            raise NotEncodable
        a, b = self.solid(left, "number", node.left), self.solid(right, "number", node.right)
        if node.operator == "+":
            return Val("number", a + b)
        if node.operator == "-":
            return Val("number", a - b)
        if node.operator == "*":
            return Val("number", a * b if _fixed(a) or _fixed(b) else self._product(a, b, node))
        if node.operator == "/":
            self.fail(b == 0, "pembagian_nol", node)
            if _fixed(b):
                return Val("number", a / b if not _is_zero(b) else z3.RealVal(0))
            return Val("number", self._quotient(a, b, node))
        raise NotEncodable

    def _product(self, a: Any, b: Any, node: Arithmetic) -> Any:
        result = self._opaque(node)
        for first, second in ((a, b), (b, a)):
            for factor in self.multipliers:
                k = number(factor)
                self.axioms.append(z3.Implies(z3.And(first >= 0, second <= k), result <= k * first))
                self.axioms.append(z3.Implies(z3.And(first >= 0, second >= k), result >= k * first))
        self.exact.append(result == a * b)
        return result

    def _quotient(self, a: Any, b: Any, node: Arithmetic) -> Any:
        result = self._opaque(node)
        for factor in self.multipliers:
            k = number(factor)
            self.axioms.append(z3.Implies(z3.And(b > 0, a <= k * b), result <= k))
            self.axioms.append(z3.Implies(z3.And(b > 0, a >= k * b), result >= k))
        self.exact.append(z3.Implies(b != 0, result * b == a))
        return result

    def _opaque(self, node: Node) -> Any:
        """One unknown for one expression: the same sub-expression is the same number wherever it stands."""
        key = self.inlined(node)
        if key not in self.opaque:
            self.opaque[key] = Val("number", self.unknown())
            known = bounds(node, self.env)
            term = self.opaque[key].term
            if known.low is not None:
                self.axioms.append(term >= number(known.low))
            if known.high is not None:
                self.axioms.append(term <= number(known.high))
        return self.opaque[key].term

    def inlined(self, node: Node) -> Node:
        """The expression with names of steps replaced by what they stand for."""
        from ..walk import rewrite

        found: Node = rewrite(node, self.definitions) if self.definitions else node
        return found

    def _compare(self, operator: str, left: Node, right: Node, node: Node) -> Val:
        first, second = self.of(left), self.of(right)
        if "null" in (first.kind, second.kind) and operator in ("=", "!="):
            null = second.null if first.kind == "null" else first.null
            return Val("boolean", null if operator == "=" else z3.Not(null))
        return Val("boolean", self._order(operator, first, second, node))

    def _order(self, operator: str, first: Val, second: Val, node: Node) -> Any:
        kinds = {first.kind, second.kind} - {"null"}
        if len(kinds) != 1 or (operator not in ("=", "!=") and kinds & {"text", "boolean"}):
            raise NotEncodable
        (kind,) = kinds
        return OPERATORS[operator](self.solid(first, kind, node), self.solid(second, kind, node))

    def truth(self, node: Node) -> Any:
        return self.solid(self.of(node), "boolean", node)

    def _logic(self, operator: str, left: Node, right: Node, node: Node) -> Val:
        """The right side counts only where the left does not settle the matter."""
        first = self.truth(left)
        second = self.solid(self.under(first if operator == "and" else z3.Not(first), right), "boolean", node)
        return Val("boolean", z3.And(first, second) if operator == "and" else z3.Or(first, second))

    def _if(self, condition: Node, then: Node, otherwise: Node, node: Node) -> Val:
        chosen = self.truth(condition)
        first, second = self.under(chosen, then), self.under(z3.Not(chosen), otherwise)
        if first.kind == "null" and second.kind == "null":
            return NULL
        if first.kind == "null":
            return Val(second.kind, second.term, z3.Or(chosen, second.null), fields=second.fields)
        if second.kind == "null":
            return Val(first.kind, first.term, z3.Or(z3.Not(chosen), first.null), fields=first.fields)
        if first.kind != second.kind or first.kind in ("list", "context"):
            raise NotEncodable
        return Val(first.kind, z3.If(chosen, first.term, second.term), z3.If(chosen, first.null, second.null))

    def _path(self, node: Path) -> Val:
        value = self.of(node.source)
        if value.kind == "context" and node.name in value.fields:
            return value.fields[node.name]
        if value.kind == "days" and node.name == "days":
            return Val("number", z3.ToReal(value.term), value.null)
        raise NotEncodable

    # ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _call(self, name: str, arguments: tuple[Node, ...], named: tuple[tuple[str, Node], ...], node: Call) -> Val:
        from .aggregates import aggregate

        if name in self.policy.parameters:
            return self._lookup(name, arguments, node)
        if name in self.policy.decisions:
            return self._decision(name, arguments, dict(named), node)
        if name in ("sum", "count", "mean", "median", "min", "max") and len(arguments) == 1:
            return aggregate(self, name, arguments[0], node)
        if name in ("min", "max"):
            return self._extreme(name, arguments)
        if name == "abs":
            term = self.solid(self.of(arguments[0]), "number", node)
            return Val("number", z3.If(term >= 0, term, -term))
        if name == "not":
            return Val("boolean", z3.Not(self.truth(arguments[0])))
        if name == "date" and len(arguments) == 1 and isinstance(arguments[0], StringLiteral):
            return self._date(arguments[0].value)
        if name in ROUNDINGS:
            return Val("number", self._round(name, arguments, node))
        raise NotEncodable

    def _extreme(self, name: str, arguments: tuple[Node, ...]) -> Val:
        terms = [self.solid(self.of(argument), "number", argument) for argument in arguments]
        best = terms[0]
        for term in terms[1:]:
            best = z3.If(term < best, term, best) if name == "min" else z3.If(term > best, term, best)
        return Val("number", best)

    def _round(self, name: str, arguments: tuple[Node, ...], node: Node) -> Any:
        value = self.solid(self.of(arguments[0]), "number", node)
        digits = 0
        if len(arguments) > 1:
            if not isinstance(arguments[1], NumberLiteral) or arguments[1].value.denominator != 1:
                raise NotEncodable
            digits = int(arguments[1].value)
        unit = number(Fraction(10) ** digits)
        scaled = value * unit
        half = number(Fraction(1, 2))

        def down(term: Any) -> Any:
            """Of a term that is not negative."""
            if name == "round half up":
                return z3.ToInt(term + half)
            if name == "round half down":
                return -z3.ToInt(half - term)
            return -z3.ToInt(-term) if name == "round up" else z3.ToInt(term)

        if name == "floor":
            whole = z3.ToInt(scaled)
        elif name == "ceiling":
            whole = -z3.ToInt(-scaled)
        else:
            whole = z3.If(scaled >= 0, down(scaled), -down(-scaled))
        return z3.ToReal(whole) / unit

    def _lookup(self, name: str, arguments: tuple[Node, ...], node: Node) -> Val:
        """A keyed parameter: one of its values, by key."""
        values = self.world[name]
        key = self.of(arguments[0])
        if not values or key.kind == "null":
            self.fail(YES, "parameter_tidak_ada", node)
            raise NotEncodable
        self.solid(key, key.kind, node)
        pairs = [(key.term == constant(one, self.texts).term, constant(value, self.texts)) for one, value in values.items()]
        self.fail(z3.Not(z3.Or([matches for matches, _ in pairs])), "parameter_tidak_ada", node)
        result = pairs[-1][1].term
        for matches, value in pairs[:-1]:
            result = z3.If(matches, value.term, result)
        return Val(pairs[0][1].kind, result)

    def _decision(self, name: str, arguments: tuple[Node, ...], named: Mapping[str, Node], node: Call) -> Val:
        """A called decision: its outputs are unknowns of their types; its inputs must be legal for it."""
        decision, _ = self.policy.decision(name)
        given = dict(zip((one.name for one in decision.inputs), arguments, strict=False)) | dict(named)
        for one in decision.inputs:
            value = self.of(given[one.name])
            if one.type is None or one.type.is_list:
                continue
            if not one.type.nullable:
                self.fail(value.null, "fakta_hilang", node)
            if value.kind == "number":
                present = z3.Not(value.null)
                if one.type.low is not None:
                    self.fail(z3.And(present, value.term < number(one.type.low)), "di_luar_rentang", node)
                if one.type.high is not None:
                    self.fail(z3.And(present, value.term > number(one.type.high)), "di_luar_rentang", node)
                scale = bounds(given[one.name], self.env).scale
                if scale is None or scale > one.type.scale:
                    fits = z3.IsInt(value.term * z3.RealVal(10**one.type.scale))
                    self.fail(z3.And(present, z3.Not(fits)), "terlalu_banyak_desimal", node)
        key = self.inlined(node)
        if key not in self.opaque:
            self.fresh += 1
            fields = {
                output.name: variable(f"{self.prefix}{name}.{output.name}!{self.fresh}", output.type, self.texts, self.axioms)
                for output in decision.outputs
                if not output.type.is_list
            }
            self.opaque[key] = Val("context", fields=fields)
        return self.opaque[key]

    # ── cells ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def tests(self, tests: UnaryTests, value: Val) -> Any:
        """Whether a cell passes a value. Null passes only a cell that names it, and `-`."""
        if tests.any:
            return YES
        passed = z3.Or([self._test(alternative.expression, value) for alternative in tests.alternatives])
        return z3.Not(passed) if tests.negated else passed

    def _test(self, node: Node, value: Val) -> Any:
        if isinstance(node, NullLiteral):
            return value.null
        if value.kind == "null":
            return NO
        present = z3.Not(value.null)
        quiet = Val(value.kind, value.term, fields=value.fields)
        if isinstance(node, Compare):
            return z3.And(present, self._order(node.operator, quiet, self.of(node.operand), node))
        if isinstance(node, Range):
            ends = [present]
            if node.low is not None:
                ends.append(self._order(">=" if node.low_closed else ">", quiet, self.of(node.low), node))
            if node.high is not None:
                ends.append(self._order("<=" if node.high_closed else "<", quiet, self.of(node.high), node))
            return z3.And(ends)
        if any(use.name == "?" for use in uses(node)):
            self.scope["?"] = value
            try:
                return self.truth(node)
            finally:
                del self.scope["?"]
        return z3.And(present, self._order("=", quiet, self.of(node), node))


def _fixed(term: Any) -> bool:
    fixed: bool = z3.is_rational_value(z3.simplify(term))
    return fixed


def _is_zero(term: Any) -> bool:
    zero: bool = z3.is_true(z3.simplify(term == 0))
    return zero
