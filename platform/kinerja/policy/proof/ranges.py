"""Bounds and scale of number expressions, by interval arithmetic over declared types. Sound, never tight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ...feel.syntax import Arithmetic, Call, For, If, ListLiteral, Name, Negation, Node, NumberLiteral, Path
from ..model import BindingKind, Decision, Parameter, Policy, ValueType


@dataclass(frozen=True, slots=True)
class Bounds:
    """low, high: None is unbounded. scale: digits after the point at most, None when unknown."""

    low: Fraction | None = None
    high: Fraction | None = None
    scale: int | None = None

    def within(self, low: Fraction | None, high: Fraction | None) -> bool:
        """True when every value lies in low..high."""
        return (low is None or (self.low is not None and low <= self.low)) and (
            high is None or (self.high is not None and self.high <= high)
        )

    @property
    def positive(self) -> bool:
        return self.low is not None and self.low > 0

    @property
    def not_negative(self) -> bool:
        return self.low is not None and self.low >= 0

    @property
    def not_positive(self) -> bool:
        return self.high is not None and self.high <= 0


ANYTHING = Bounds()
Members = Mapping[str, ValueType]


@dataclass(frozen=True, slots=True)
class Env:
    """What names stand for: types of inputs, members of item variables, bounds of earlier steps and of list elements."""

    policy: Policy
    types: Mapping[str, ValueType]
    lists: Mapping[str, Members] = field(default_factory=dict)
    items: Mapping[str, Members] = field(default_factory=dict)
    known: Mapping[str, Bounds] = field(default_factory=dict)

    def with_known(self, name: str, bounds: Bounds) -> Env:
        return replace(self, known={**self.known, name: bounds})


def environment(policy: Policy, decision: Decision) -> Env:
    """The scope of a decision: its inputs; the members of the items of its list inputs."""
    types = {given.name: given.type for given in decision.inputs if given.type is not None}
    lists = {
        given.name: {member.name: member.type for member in given.members}
        for given in decision.inputs
        if given.binding.kind is BindingKind.ITEMS
    }
    return Env(policy, types, lists)


def of_type(type_: ValueType) -> Bounds:
    return Bounds(type_.low, type_.high, type_.scale)


def of_parameter(parameter: Parameter) -> Bounds:
    """The hull of all its dated values."""
    values = [
        value
        for dated in parameter.values
        for value in (dated.value.values() if isinstance(dated.value, Mapping) else (dated.value,))
        if isinstance(value, Fraction)
    ]
    scales = [_terminating(value) or 0 for value in values]
    return Bounds(min(values), max(values), max(scales)) if values else ANYTHING


def bounds(node: Node, env: Env) -> Bounds:
    """The bounds of a number expression; of other expressions, ANYTHING."""
    match node:
        case NumberLiteral(value):
            return Bounds(value, value, _scale(value))
        case Name(name):
            return _name(name, env)
        case Negation(operand):
            inner = bounds(operand, env)
            return Bounds(_minus(inner.high), _minus(inner.low), inner.scale)
        case Arithmetic(operator, left, right):
            return arithmetic(operator, bounds(left, env), bounds(right, env))
        case If(_, then, otherwise):
            return hull([bounds(then, env), bounds(otherwise, env)])
        case Path(Name(item), member) if item in env.items:
            return of_type(env.items[item][member]) if member in env.items[item] else ANYTHING
        case Path(Call(Name(name)), member) if name in env.policy.decisions:
            return hull([of_type(o.type) for version in env.policy.decisions[name] for o in version.outputs if o.name == member])
        case Call(Name(name), arguments):
            return _call(name, arguments, env)
        case _:
            return ANYTHING


def _name(name: str, env: Env) -> Bounds:
    if name in env.known:
        return env.known[name]
    if name in env.types:
        return of_type(env.types[name])
    if name in env.policy.parameters and env.policy.parameters[name].key_type is None:
        return of_parameter(env.policy.parameters[name])
    return ANYTHING


def element(node: Node, env: Env) -> Bounds:
    """Bounds of the elements of a list expression."""
    match node:
        case For(iterators, body):
            inner = env
            for iterator in iterators:
                if iterator.end is not None:
                    return ANYTHING
                inner = bind(iterator.name, iterator.domain, inner)
            return bounds(body, inner)
        case Name(name) if name in env.types and env.types[name].is_list:
            return of_type(env.types[name])
        case ListLiteral(items):
            return hull([bounds(item, env) for item in items])
        case _:
            return ANYTHING


def bind(name: str, domain: Node, env: Env) -> Env:
    """The scope of a loop's body: its variable is an item, or has the bounds of the list's elements."""
    if isinstance(domain, Name) and domain.name in env.lists:
        return replace(env, items={**env.items, name: env.lists[domain.name]})
    return env.with_known(name, element(domain, env))


def _call(name: str, arguments: tuple[Node, ...], env: Env) -> Bounds:
    if name in env.policy.parameters:
        return of_parameter(env.policy.parameters[name])
    if name == "count":
        return Bounds(Fraction(0), None, 0)
    if name in ("sum", "mean", "median", "min", "max") and len(arguments) == 1:
        return _aggregate(name, element(arguments[0], env))
    values = [bounds(argument, env) for argument in arguments]
    if name in ("min", "max"):
        return _extreme(name, values)
    if name == "abs" and values:
        low, high = values[0].low, values[0].high
        if values[0].not_negative:
            return values[0]
        return Bounds(Fraction(0), max(abs(low), abs(high)) if low is not None and high is not None else None, values[0].scale)
    if name in ("round half up", "round half down", "round up", "round down", "decimal", "floor", "ceiling") and values:
        return _rounded(name, values[0], arguments)
    return ANYTHING


def _aggregate(name: str, each: Bounds) -> Bounds:
    if name == "sum":
        return Bounds(Fraction(0) if each.not_negative else None, Fraction(0) if each.not_positive else None, each.scale)
    return Bounds(each.low, each.high, each.scale if name in ("min", "max") else None)


def _extreme(name: str, values: list[Bounds]) -> Bounds:
    lows, highs = [v.low for v in values], [v.high for v in values]
    known_lows, known_highs = [v for v in lows if v is not None], [v for v in highs if v is not None]
    scale = hull(values).scale
    if name == "min":
        return Bounds(min(known_lows) if len(known_lows) == len(lows) else None, min(known_highs, default=None), scale)
    return Bounds(max(known_lows, default=None), max(known_highs) if len(known_highs) == len(highs) else None, scale)


def _rounded(name: str, value: Bounds, arguments: tuple[Node, ...]) -> Bounds:
    digits = 0
    if len(arguments) > 1:
        if not (isinstance(arguments[1], NumberLiteral) and arguments[1].value.denominator == 1):
            return ANYTHING
        digits = int(arguments[1].value)
    step = Fraction(10) ** -digits

    def outward(end: Fraction | None, up: bool) -> Fraction | None:
        """An end that is a multiple of the step stays; another moves out to the next multiple."""
        if end is None or (end / step).denominator == 1:
            return end
        return (-((-end) // step) if up else end // step) * step

    del name
    return Bounds(outward(value.low, False), outward(value.high, True), max(digits, 0))


# ── arithmetic ────────────────────────────────────────────────────────────────────────────────────────────────────────
def hull(values: list[Bounds]) -> Bounds:
    if not values:
        return ANYTHING
    lows = [v.low for v in values if v.low is not None]
    highs = [v.high for v in values if v.high is not None]
    scales = [v.scale for v in values if v.scale is not None]
    return Bounds(
        min(lows) if len(lows) == len(values) else None,
        max(highs) if len(highs) == len(values) else None,
        max(scales) if len(scales) == len(values) else None,
    )


def arithmetic(operator: str, left: Bounds, right: Bounds) -> Bounds:
    if operator == "+":
        return Bounds(_plus(left.low, right.low), _plus(left.high, right.high), _wider(left, right))
    if operator == "-":
        return Bounds(_plus(left.low, _minus(right.high)), _plus(left.high, _minus(right.low)), _wider(left, right))
    if operator == "*":
        scale = left.scale + right.scale if left.scale is not None and right.scale is not None else None
        return replace(_product(left, right), scale=scale)
    if operator == "/":
        return _quotient(left, right)
    return ANYTHING


def _quotient(left: Bounds, right: Bounds) -> Bounds:
    positive, negative = right.low is not None and right.low > 0, right.high is not None and right.high < 0
    if not positive and not negative:
        return ANYTHING
    inverse = Bounds(
        1 / right.high if right.high is not None else Fraction(0),
        1 / right.low if right.low is not None else Fraction(0),
    )
    scale = None
    if right.low is not None and right.low == right.high and left.scale is not None:
        digits = _terminating(1 / right.low)
        scale = left.scale + digits if digits is not None else None
    return replace(_product(left, inverse), scale=scale)


def _product(left: Bounds, right: Bounds) -> Bounds:
    """Corner products; an unbounded side stays bounded where signs allow."""
    if None not in (left.low, left.high, right.low, right.high):
        corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high) if a is not None and b is not None]
        return Bounds(min(corners), max(corners))
    if left.not_negative and right.not_negative:
        low = left.low * right.low if left.low is not None and right.low is not None else None
        return Bounds(low, left.high * right.high if left.high is not None and right.high is not None else None)
    return ANYTHING


def _plus(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return a + b if a is not None and b is not None else None


def _minus(a: Fraction | None) -> Fraction | None:
    return -a if a is not None else None


def _wider(left: Bounds, right: Bounds) -> int | None:
    return max(left.scale, right.scale) if left.scale is not None and right.scale is not None else None


def _scale(value: Fraction) -> int | None:
    return _terminating(value)


def _terminating(value: Fraction) -> int | None:
    """Digits after the point of a value that ends; None when it does not."""
    denominator, digits = value.denominator, 0
    while denominator % 10 == 0:
        denominator //= 10
        digits += 1
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
            digits += 1
    return digits if denominator == 1 else None
