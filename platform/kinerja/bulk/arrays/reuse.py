"""What a change of rules reaches: keys of decisions and of their parts, and what remains to be computed beside a run that is kept.

A key covers a form (parameters of the day included) and the keys of all it rests on: equal keys, equal columns. A formula has a
key for each of its steps, so that a draft with another percentage does not go through the minutes of a month again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...engine.integer.ir import Ask, Expr, Lookup, Var, walk
from ...engine.integer.plan import Argument, DecisionPlan
from ...policy.model import Binding, BindingKind, Input
from ..chain import Chain, Link


@dataclass(frozen=True, slots=True)
class Keys:
    """Of a decision: of the whole, of each output, and of a formula's guards and steps in their order."""

    whole: str
    outputs: Mapping[str, str]
    guards: Sequence[str] = ()
    steps: Sequence[str] = ()


def digest(parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def decision_keys(chain: Chain) -> dict[str, Keys]:
    found: dict[str, Keys] = {}
    for link in chain.links:
        given = [_input_key(found, one) for one in link.decision.inputs]
        found[link.decision.name] = _formula(chain, link, given) if link.plan.hit is None else _table(chain, link, given)
    return found


def _table(chain: Chain, link: Link, given: Sequence[str]) -> Keys:
    plan = link.plan
    whole = digest([link.decision.for_each, repr(plan), given, _called(chain, plan.asks), _parameters(chain, plan.parameters)])
    return Keys(whole, {output.name: digest([whole, output.name]) for output in plan.outputs})


def _formula(chain: Chain, link: Link, given: Sequence[str]) -> Keys:
    plan = link.plan
    known = dict(zip([argument.variable.name for argument in plan.arguments], given, strict=True))

    def key(x: Expr, *more: str) -> str:
        nodes = list(walk(x))
        rests = sorted({(node.name, known[node.name]) for node in nodes if isinstance(node, Var) and node.name in known})
        calls = _called(chain, [node.decision for node in nodes if isinstance(node, Ask)])
        return digest([repr(x), more, rests, calls, _parameters(chain, [n.parameter for n in nodes if isinstance(n, Lookup)])])

    guards = [key(guard.that, guard.code) for guard in plan.guards]
    steps = []
    for step in plan.steps:
        known[step.variable.name] = key(step.value)
        steps.append(known[step.variable.name])
    outputs = {one.name: digest([one.name, repr(one.kind), steps[one.step]]) for one in plan.outputs if one.step is not None}
    return Keys(digest([link.decision.for_each, guards, steps, outputs]), outputs, guards, steps)


def _input_key(found: Mapping[str, Keys], given: Input) -> str:
    binding, below = given.binding, []
    if binding.kind in (BindingKind.OUTPUT, BindingKind.COLLECTED) and binding.target in found:
        below.append(found[binding.target].outputs[binding.member])
    below += [found[one.decision].outputs[one.name] for one in given.members if one.decision is not None]
    return digest([repr(binding), repr(given.members), repr(given.type), below])


def _called(chain: Chain, names: Sequence[str]) -> list[str]:
    """The forms of decisions that are called, and of those that these call."""
    found: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += chain.asked[name].asks
    return [digest([repr(plan), _parameters(chain, plan.parameters)]) for name in sorted(found) if (plan := chain.asked[name])]


def _parameters(chain: Chain, names: Sequence[str]) -> list[Any]:
    return [(name, repr(chain.parameters.get(name))) for name in names]


# ── what remains to be computed ───────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Reuse:
    """links: what is computed anew, in order; of a formula perhaps a part. read: outputs of the run that is kept which these read,

    by decision. changed: (decision, output) of all columns that are not copied; a table's matched rows stand with each.
    """

    links: tuple[Link, ...]
    read: Mapping[str, frozenset[str]]
    changed: frozenset[tuple[str, str]]


def reuse(chain: Chain, before: Mapping[str, Keys]) -> Reuse | None:
    """What must be computed; None where that is no gain: a decision on each item changed."""
    keys = decision_keys(chain)
    if set(before) != set(keys):
        return None
    links = {link.decision.name: link for link in chain.links}
    changed = {name for name, key in keys.items() if before[name].whole != key.whole}
    if any(links[name].decision.for_each for name in changed):
        return None
    computed = {name: remainder(links[name], keys[name], before[name]) for name in changed}
    queue, read = list(computed), dict[str, set[str]]()
    while queue:
        link = computed[queue.pop()]
        for name in required(link):
            if name in computed and name != link.decision.name:
                members = {given.binding.member for given in link.decision.inputs if given.binding.target == name}
                left = members - {output.name for output in computed[name].plan.outputs}
                read.setdefault(name, set()).update(left)
                continue
            if links[name].decision.for_each:  # an item's answer is not read back: it is quick to compute
                computed[name] = links[name]
                queue.append(name)
            else:
                members = {given.binding.member for given in link.decision.inputs if given.binding.target == name}
                read.setdefault(name, set()).update(members)
    ordered = tuple(computed[name] for name in links if name in computed)
    columns = {(name, output.name) for name in changed for output in computed[name].plan.outputs}
    return Reuse(ordered, {name: frozenset(members) for name, members in read.items() if members}, frozenset(columns))


def required(link: Link) -> list[str]:
    """The decisions whose outputs are inputs of this one."""
    names = [
        given.binding.target for given in link.decision.inputs if given.binding.kind in (BindingKind.OUTPUT, BindingKind.COLLECTED)
    ]
    return [*names, *(member.decision for given in link.decision.inputs for member in given.members if member.decision is not None)]


def remainder(link: Link, now: Keys, before: Keys) -> Link:
    """The part of a formula that changed. Outputs that stayed are inputs of it, where it reads them; a table is one whole."""
    plan = link.plan
    if plan.hit is not None:
        return link
    same = {*before.guards, *before.steps}
    held = {
        plan.steps[one.step].variable.name: one
        for one in plan.outputs
        if one.step is not None and before.outputs.get(one.name) == now.outputs[one.name]
    }
    guards = tuple(guard for guard, key in zip(plan.guards, now.guards, strict=True) if key not in same)
    fresh = {step.variable.name for step, key in zip(plan.steps, now.steps, strict=True) if key not in same}
    fresh |= {plan.steps[one.step].variable.name for one in plan.outputs if one.step is not None} - set(held)
    needed = _names([guard.that for guard in guards])
    for step in reversed(plan.steps):  # a step reads earlier ones only
        if step.variable.name in fresh or (step.variable.name in needed and step.variable.name not in held):
            fresh.add(step.variable.name)
            needed |= _names([step.value])
    return _part(link, guards, fresh, needed, {name: one.name for name, one in held.items() if name in needed - fresh})


def _part(link: Link, guards: Any, fresh: set[str], needed: set[str], held: Mapping[str, str]) -> Link:
    plan, decision = link.plan, link.decision
    steps = tuple(step for step in plan.steps if step.variable.name in fresh)
    index = {step.variable.name: place for place, step in enumerate(steps)}
    outputs = tuple(
        replace(one, step=index[name])
        for one in plan.outputs
        if one.step is not None and (name := plan.steps[one.step].variable.name) in index
    )
    own = [pair for pair in zip(plan.arguments, decision.inputs, strict=True) if pair[0].variable.name in needed]
    kinds = {one.name: one for one in decision.outputs}
    for step in plan.steps:
        if (output := held.get(step.variable.name)) is not None:
            one = kinds[output]
            given = Input(output, one.label, one.type, Binding(BindingKind.OUTPUT, decision.name, output), one.place)
            own.append((Argument(output, step.variable), given))
    part: DecisionPlan = replace(plan, arguments=tuple(a for a, _ in own), guards=guards, steps=steps, outputs=outputs)
    return Link(replace(decision, inputs=tuple(given for _, given in own)), part)


def _names(parts: Sequence[Expr]) -> set[str]:
    return {node.name for part in parts for node in walk(part) if isinstance(node, Var)}


__all__ = ["Keys", "Reuse", "decision_keys", "digest", "remainder", "reuse"]
