"""Which way a formula moves when one input rises, told by its parts: sums, products with a factor of known sign, calls.

UNCLEAR where the parts do not tell; then a grid or the solver must.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from ...feel.syntax import Arithmetic, Call, Comparison, For, If, Name, Negation, Node, NullLiteral, NumberLiteral, Path
from ..assemble.scope import uses
from ..model import Base, Decision, Policy, Table, ValueType
from .ranges import Env, bind, bounds, environment

CONSTANT, UP, DOWN, UNCLEAR = 0, 1, -1, None
Direction = int | None
KEEPING = (
    "round half up",
    "round half down",
    "round up",
    "round down",
    "decimal",
    "floor",
    "ceiling",
    "min",
    "max",
    "sum",
    "mean",
    "median",
)


def has_order(type_: ValueType) -> bool:
    return not type_.is_list and (type_.base is Base.NUMBER or type_.base is Base.BOOLEAN or bool(type_.values))


def rank(value: Any, type_: ValueType) -> Any:
    """A value as something that grows as it gets better; None has no rank."""
    if value is None:
        return None
    if type_.values:
        return -type_.values.index(value) if value in type_.values else None
    return int(value) if isinstance(value, bool) else value


def directions(policy: Policy, decision: Decision, name: str) -> dict[str, Direction]:
    """How each step of a formula moves when the input `name` (or member of items, "indikator.capaian") rises. A table: nothing."""
    env = environment(policy, decision)
    known: dict[str, Direction] = {name: UP}
    if "." in name:
        known[name.partition(".")[0]] = UNCLEAR  # the list as a whole; its members are followed one by one
    if isinstance(decision.logic, Table):
        return {}
    for step in decision.logic.steps:
        known[step.name] = direction_of(step.expression, known, env)
        env = env.with_known(step.name, bounds(step.expression, env))
    return known


def direction_of(node: Node, known: Mapping[str, Direction], env: Env) -> Direction:
    """How an expression moves when the names in `known` move so; UNCLEAR when its parts do not tell."""
    if all(known.get(use.name, CONSTANT) == CONSTANT for use in uses(node)):
        return CONSTANT
    match node:
        case Name(name):
            return known.get(name, CONSTANT)
        case Path(Name(item), member) if item in env.items:
            return known.get(f"{item}.{member}", CONSTANT)
        case Comparison("=" | "!=", left, NullLiteral()) if _given(left, env):
            return CONSTANT  # what moves is compared where it is present, before and after
        case Call(Name("count"), (Name(name),)) if name in env.lists:
            return CONSTANT
        case Negation(operand):
            return _turn(direction_of(operand, known, env))
        case Arithmetic("+", left, right):
            return _both(direction_of(left, known, env), direction_of(right, known, env))
        case Arithmetic("-", left, right):
            return _both(direction_of(left, known, env), _turn(direction_of(right, known, env)))
        case Arithmetic("*", left, right):
            return _both(
                _scaled(direction_of(left, known, env), bounds(right, env)),
                _scaled(direction_of(right, known, env), bounds(left, env)),
            )
        case Arithmetic("/", left, right):
            over, under = bounds(left, env), bounds(right, env)
            if not under.not_negative:  # zero is an error, no value
                return UNCLEAR
            return _both(direction_of(left, known, env), _scaled(_turn(direction_of(right, known, env)), over))
        case If(condition, then, otherwise) if direction_of(condition, known, env) == CONSTANT:
            return _both(direction_of(then, known, env), direction_of(otherwise, known, env))
        case For(iterators, body):
            inner, scope = dict(known), env
            for iterator in iterators:
                if iterator.end is not None:
                    return UNCLEAR
                inner[iterator.name] = direction_of(iterator.domain, inner, scope)
                if isinstance(iterator.domain, Name):
                    start = f"{iterator.domain.name}."
                    moving = {name.removeprefix(start): way for name, way in known.items() if name.startswith(start)}
                    inner |= {f"{iterator.name}.{member}": way for member, way in moving.items()}
                scope = bind(iterator.name, iterator.domain, scope)
            return direction_of(body, inner, scope)
        case Path(Call(Name(name), arguments), output) if name in env.policy.decisions:
            return _called(name, output, arguments, known, env)
        case Call(Name(name), arguments) if name in env.policy.parameters:
            return _keyed(name, arguments[0], known, env)
        case Call(Name(name), (value, NumberLiteral())) if name.startswith("round") or name == "decimal":
            return direction_of(value, known, env)
        case Call(Name(name), arguments) if name in KEEPING:
            result: Direction = CONSTANT
            for argument in arguments:
                result = _both(result, direction_of(argument, known, env))
            return result
        case _:
            return UNCLEAR


def _given(node: Node, env: Env) -> bool:
    """Whether an expression is a value as it was given: an input, or a member of an item."""
    match node:
        case Name(name):
            return name in env.types
        case Path(Name(item), member):
            return item in env.items and member in env.items[item]
        case _:
            return False


def _turn(direction: Direction) -> Direction:
    return None if direction is None else -direction


def _both(first: Direction, second: Direction) -> Direction:
    if first is None or second is None:
        return UNCLEAR
    if CONSTANT in (first, second):
        return first or second
    return first if first == second else UNCLEAR


def _scaled(direction: Direction, factor: Any) -> Direction:
    """A direction times a factor of known sign."""
    if direction == CONSTANT:
        return CONSTANT
    if factor.not_negative:
        return direction
    return _turn(direction) if factor.not_positive else UNCLEAR


def _called(name: str, output: str, arguments: tuple[Node, ...], known: Mapping[str, Direction], env: Env) -> Direction:
    """A called decision follows what it declares under its own `monotone:`, which is proved there."""
    decision, _ = env.policy.decision(name)
    result: Direction = CONSTANT
    for given, argument in zip(decision.inputs, arguments, strict=False):
        moves = direction_of(argument, known, env)
        if moves == CONSTANT:
            continue
        declared = decision.monotone.get(given.name)
        output_type = next((one.type for one in decision.outputs if one.name == output), None)
        if declared is None or output_type is None or not has_order(output_type) or output_type.values:
            return UNCLEAR
        result = _both(result, moves if declared == "up" else _turn(moves))
    return result


def _keyed(name: str, argument: Node, known: Mapping[str, Direction], env: Env) -> Direction:
    """A keyed parameter follows its key where its values do, on every date."""
    moves = direction_of(argument, known, env)
    parameter = env.policy.parameters[name]
    if moves == CONSTANT:
        return CONSTANT
    if parameter.key_type is None or parameter.type.base is not Base.NUMBER:
        return UNCLEAR
    given = env.types.get(argument.name) if isinstance(argument, Name) else None
    if parameter.key_type.values and (given is None or given.values != parameter.key_type.values):
        return UNCLEAR  # another order of the same words, or none that is known
    directions: Direction = CONSTANT
    for dated in parameter.values:
        pairs = sorted((rank(key, parameter.key_type), value) for key, value in dated.value.items())
        values = [value for _, value in pairs]
        rising = all(a <= b for a, b in pairwise(values))
        falling = all(a >= b for a, b in pairwise(values))
        directions = _both(directions, UP if rising else DOWN if falling else UNCLEAR)
    return None if moves is None or directions is None else directions * moves
