"""Hit policies over integers: which of the matched rows count, and what they give together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...policy.model import HitPolicy
from . import errors
from .errors import Fault
from .plan import LIST_POLICIES, DecisionPlan

OutputsOf = Callable[[int], tuple[Any, ...]]
_ONE = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY})


def resolve(plan: DecisionPlan, matched: Sequence[int], outputs_of: OutputsOf) -> tuple[Any, ...]:
    """The decision's outputs from the indexes of its matched rows, in table order."""
    hit = plan.hit
    assert hit is not None
    if hit in _ONE:
        if not matched:
            raise Fault(errors.NO_ROW)
        if hit is HitPolicy.UNIQUE and len(matched) > 1:
            raise Fault(errors.TWO_ROWS)
        if hit in (HitPolicy.UNIQUE, HitPolicy.FIRST):
            return outputs_of(matched[0])
    found = [outputs_of(index) for index in matched]
    if hit is HitPolicy.ANY:
        if any(other != found[0] for other in found):
            raise Fault(errors.TWO_ROWS)
        return found[0]
    if hit in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
        found.sort(key=lambda outputs: _rank(plan, outputs))
        if hit is HitPolicy.PRIORITY:
            return found[0]
    if hit in LIST_POLICIES:
        return tuple([outputs[index] for outputs in found] for index in range(len(plan.outputs)))
    if hit is HitPolicy.COLLECT_COUNT:
        scale = 10 ** plan.outputs[0].kind.scale
        return tuple(_bounded(plan, index, len(found) * scale) for index in range(len(plan.outputs)))
    return tuple(_together(plan, index, [outputs[index] for outputs in found]) for index in range(len(plan.outputs)))


def _rank(plan: DecisionPlan, outputs: tuple[Any, ...]) -> tuple[int, ...]:
    """Position of each output in its list of values, best first; outputs without such a list do not rank."""
    ranks = []
    for output, value in zip(plan.outputs, outputs, strict=True):
        values = output.kind.values
        ranks.append(values.index(value) if value in values else len(values))
    return tuple(ranks)


def _together(plan: DecisionPlan, index: int, values: list[Any]) -> Any:
    if any(value is None for value in values):
        raise Fault(errors.NULL)
    if plan.hit is HitPolicy.COLLECT_SUM:
        return _bounded(plan, index, sum(values))
    if not values:
        raise Fault(errors.NO_ROW)
    return min(values) if plan.hit is HitPolicy.COLLECT_MIN else max(values)


def _bounded(plan: DecisionPlan, index: int, value: int) -> int:
    kind = plan.outputs[index].kind
    scale = 10**kind.scale
    if (kind.low is not None and value * kind.low.denominator < kind.low.numerator * scale) or (
        kind.high is not None and value * kind.high.denominator > kind.high.numerator * scale
    ):
        raise Fault(errors.OUT_OF_RANGE)
    return value
