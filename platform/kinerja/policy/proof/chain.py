"""`monotone: {capaian_indikator.capaian: up}` of a decision further on: the whole chain follows, composed decision by decision.

Each decision between declares how it follows what it reads; those links are proved there. Here they are put together along every
way from the source to the decision. A link that does not hold is taken to the end: two whole cases, decision after decision, the
better of which gets less. Where no such pair is found the chain is unknown, which counts as failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import islice, pairwise, product
from typing import Any

from ...core.errors import KinerjaError
from ..assemble.scope import children
from ..diagnostics import make
from ..model import Base, BindingKind, Decision, Input, Policy, Table, ValueType
from .concrete import evaluate, world_on
from .domain import Variable, representatives, shown
from .monotone import check_monotone
from .obligation import Verdict
from .signs import CONSTANT, DOWN, UNCLEAR, UP, Direction, has_order, rank

MOST_CASES = 3_000
MOST_VALUES = 5
Source = tuple[str, str]


def check_chain(policy: Policy, decision: Decision, source: str, direction: str, day: date) -> Verdict:
    """Whether every ordered output of the decision follows an output of another, "capaian_indikator.capaian", on that day."""
    start = _split(source)
    wanted = UP if direction == "up" else DOWN
    chain = _between(policy, decision, start, day)
    moving: dict[Source, Direction] = {start: UP}
    for link in chain:
        broken = _follow(policy, link, moving, day)
        if broken:
            return _to_the_end(policy, chain, start, wanted, day, broken)
    ordered = [output.name for output in decision.outputs if has_order(output.type)]
    against = [name for name in ordered if moving.get((decision.name, name)) not in (CONSTANT, wanted)]
    if against:
        return _to_the_end(policy, chain, start, wanted, day, f"{decision.name}.{against[0]}")
    return Verdict(f"chain {len(chain)}")


def _split(source: str) -> Source:
    decision, _, output = source.partition(".")
    return decision, output


def _between(policy: Policy, decision: Decision, start: Source, day: date) -> list[Decision]:
    """The decisions on the ways from the source to this one, required before requiring."""
    onward: set[str] = set()
    for name in policy.order:
        version = _version(policy, decision, name, day)
        if any(before == start or before[0] in onward for _, before in _reads(version)):
            onward.add(name)
    backward: set[str] = set()
    todo = [decision.name]
    while todo:
        name = todo.pop()
        if name in onward and name not in backward:
            backward.add(name)
            todo += [before[0] for _, before in _reads(_version(policy, decision, name, day))]
    return [_version(policy, decision, name, day) for name in policy.order if name in backward]


def _version(policy: Policy, decision: Decision, name: str, day: date) -> Decision:
    return decision if name == decision.name else policy.decision(name, day)[0]


def _reads(decision: Decision) -> Iterator[tuple[str, Source]]:
    """(input, or input.member of its items; the output bound to it)."""
    for given in decision.inputs:
        if given.binding.kind in (BindingKind.OUTPUT, BindingKind.COLLECTED):
            yield given.name, (given.binding.target, given.binding.member)
        for member in given.members:
            if member.decision is not None:
                yield f"{given.name}.{member.name}", (member.decision, member.name)


def _follow(policy: Policy, link: Decision, moving: dict[Source, Direction], day: date) -> str:
    """Enter how the outputs of a decision move; the name of a link that is not declared or does not hold, or ""."""
    world = world_on(policy, day)
    way: Direction = CONSTANT
    for name, before in _reads(link):
        moves = moving.get(before, CONSTANT)
        if moves == CONSTANT:
            continue
        declared = link.monotone.get(name)
        if declared is None or moves is UNCLEAR:
            return f"{link.name}.{name}"
        verdict = check_monotone(policy, link, name, declared, world)
        if verdict.findings or verdict.unknown:
            return f"{link.name}.{name}"
        turned = moves if declared == "up" else -moves
        if way not in (CONSTANT, turned):
            return f"{link.name}.{name}"
        way = turned
    for output in link.outputs:
        moving[link.name, output.name] = (way if has_order(output.type) else UNCLEAR) if way != CONSTANT else CONSTANT
    return ""


# ── to the end ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _to_the_end(policy: Policy, chain: list[Decision], start: Source, wanted: int, day: date, broken: str) -> Verdict:
    """Two whole cases that show it, or unknown with the link that breaks the chain."""
    found = _counterexample(policy, chain, start, wanted, day)
    if found is not None:
        text, place = found
        return Verdict(f"chain {len(chain)}", (make("P107", place, who_id=text, who_en=text),))
    return Verdict(f"chain {len(chain)}", unknown=f"rantai putus di {broken} / the chain breaks at {broken}")


def _counterexample(policy: Policy, chain: list[Decision], start: Source, wanted: int, day: date) -> tuple[str, Any] | None:
    world = world_on(policy, day)
    goal = chain[-1]
    free = _free(chain, start)
    values = _source_values(policy, chain, start, day)
    names = list(free)
    for chosen in islice(product(*(_candidates(free[name]) for name in names)), MOST_CASES // max(len(values), 1) + 1):
        given = dict(zip(names, chosen, strict=True))
        answers = [(value, _run(policy, chain, start, value, given, world)) for value in values]
        for (lower, before), (higher, after) in pairwise([one for one in answers if one[1] is not None]):
            assert before is not None
            assert after is not None
            for output in goal.outputs:
                if has_order(output.type):
                    first, second = rank(before[output.name], output.type), rank(after[output.name], output.type)
                    if first is not None and second is not None and (second - first) * wanted < 0:
                        rest = "".join(f", {name} = {shown(value)}" for name, value in given.items() if not isinstance(value, dict))
                        moved = f"{output.name} {shown(before[output.name])} → {shown(after[output.name])}"
                        return f"{start[1]} {shown(lower)} → {shown(higher)}{rest}: {moved}", output.place
    return None


def _free(chain: list[Decision], start: Source) -> dict[str, Input]:
    """What the chain reads besides its own outputs: source name → input."""
    own = {decision.name for decision in chain}
    found: dict[str, Input] = {}
    for decision in chain:
        for given in decision.inputs:
            before = (given.binding.target, given.binding.member)
            if given.binding.kind is not BindingKind.ITEMS and before[0] not in own and before != start:
                found.setdefault(str(given.binding) or f"{decision.name}.{given.name}", given)
    return found


def _candidates(given: Input) -> list[Any]:
    type_ = given.type
    assert type_ is not None
    if type_.is_list or given.binding.kind is BindingKind.COLLECTED:
        return [()]
    points = representatives(Variable(given.name, type_, type_.scale), [])
    middle = [points[len(points) // 2]] if points else []
    ends = points if type_.values or type_.base is not Base.NUMBER else [points[0], *middle, points[-1]]
    return list(dict.fromkeys(ends))[: max(MOST_VALUES, len(type_.values))]


def _source_values(policy: Policy, chain: list[Decision], start: Source, day: date) -> list[Any]:
    """Values of the source worth trying, worse before better: its ends, and every number that a table on the way compares with."""
    type_: ValueType = next(o.type for o in policy.decision(start[0], day)[0].outputs if o.name == start[1])
    marks = {
        node.value
        for decision in chain
        if isinstance(decision.logic, Table)
        for row in decision.logic.rows
        for cell in row.cells
        for node in _literals(cell.tests)
    }
    points = [v for v in representatives(Variable(start[1], type_, type_.scale), marks, both_ends=True) if v is not None]
    return sorted(points, key=lambda value: rank(value, type_))


def _literals(node: Any) -> Iterator[Any]:
    for child in children(node):
        if isinstance(getattr(child, "value", None), Fraction):
            yield child
        yield from _literals(child)


def _run(
    policy: Policy, chain: list[Decision], start: Source, value: Any, given: Mapping[str, Any], world: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The outputs of the last decision, for one item that has the value and whose other members are as high as they may be."""
    known: dict[Source, Any] = {start: value}
    answer: dict[str, Any] = {}
    for decision in chain:
        inputs = {one.name: _value(decision, one, known, given) for one in decision.inputs}
        try:
            answer = evaluate(policy, decision, inputs, world)
        except KinerjaError:
            return None
        known |= {(decision.name, name): result for name, result in answer.items()}
    return answer


def _value(decision: Decision, one: Input, known: Mapping[Source, Any], given: Mapping[str, Any]) -> Any:
    before = (one.binding.target, one.binding.member)
    if one.binding.kind is BindingKind.ITEMS:
        return (
            {
                member.name: known[member.decision, member.name]
                if member.decision is not None and (member.decision, member.name) in known
                else _highest(member.type)
                for member in one.members
            },
        )
    if before in known:
        return (known[before],) if one.binding.kind is BindingKind.COLLECTED else known[before]
    return given[str(one.binding) or f"{decision.name}.{one.name}"]


def _highest(type_: ValueType) -> Any:
    if type_.nullable:
        return None
    if type_.values:
        return type_.values[0]
    return type_.high if type_.base is Base.NUMBER else True if type_.base is Base.BOOLEAN else ""
