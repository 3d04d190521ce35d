"""What the inputs of a rule file are called in the exported model: DMN names a requirement by the element required.

An input that is named like its source needs nothing. Another stands for an expression (`tpp_dasar`, `bagian.pagu`): in the heading
of a column that expression is written in its place; everywhere else a boxed context gives it its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..assemble.scope import uses
from ..model import BindingKind, Decision, Input, Policy, Table
from ..walk import expressions

OUTSIDE = (BindingKind.LOCAL, BindingKind.COLLECTED)  # given by whoever asks: input data of their own


class Sources:
    """Over one policy. functions: decisions that are only ever called; they are knowledge models. copied: decisions that are
    called besides; they are both, a decision and a knowledge model of the same name."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        called = {name for one in _every(policy) for name in called_by(one)}
        single = {name: versions[0] for name, versions in policy.decisions.items() if name in called and len(versions) == 1}
        kinds = {name: {given.binding.kind for given in one.inputs} for name, one in single.items()}
        self.functions = frozenset(name for name, found in kinds.items() if found == {BindingKind.LOCAL})
        self.copied = frozenset(name for name, found in kinds.items() if name not in self.functions and found <= _PLAIN)

    def is_called(self, decision: Decision, name: str) -> bool:
        """Whether the decision requires another as a function."""
        bound = {given.binding.target for given in decision.inputs if given.binding.kind in _DECIDED}
        return name in self.functions or (name in self.copied and name in called_by(decision) and name not in bound)

    def lone(self, decision: Decision) -> bool:
        """Whether the model's value is the one output itself, not a context of outputs."""
        if decision.name in self.functions or len(decision.outputs) != 1:
            return False
        if isinstance(decision.logic, Table):
            return True
        return [step.name for step in decision.logic.steps] == [decision.outputs[0].name]

    def aliases(self, decision: Decision) -> Mapping[str, str]:
        """Input → the expression that it stands for, where that is not its own name."""
        found = {given.name: self._expression(given) for given in decision.inputs if given.binding.kind not in OUTSIDE}
        return {name: text for name, text in found.items() if text != name}

    def _expression(self, given: Input) -> str:
        target, member = given.binding.target, given.binding.member
        if given.binding.kind is BindingKind.FACT:
            return member
        if given.binding.kind is BindingKind.ITEMS:
            return target
        return target if self.lone(self._policy.decisions[target][-1]) else f"{target}.{member}"


def read_beyond_headings(decision: Decision, aliases: Mapping[str, str]) -> bool:
    """Whether a cell, an output or a heading that is more than a name reads one of these inputs."""
    if not isinstance(decision.logic, Table):
        return True
    headings = {column.text for column in decision.logic.columns}
    nodes = list(expressions(decision))[len(decision.logic.columns) :]
    nodes += [column.expression for column in decision.logic.columns if column.text not in aliases]
    read = {use.name for node in nodes for use in uses(node)}
    return bool(read & aliases.keys()) or not aliases.keys() <= headings | read


def called_by(decision: Decision) -> frozenset[str]:
    return frozenset(use.name for node in expressions(decision) for use in uses(node) if use.call is not None)


def _every(policy: Policy) -> Iterator[Decision]:
    return (version for versions in policy.decisions.values() for version in versions)


_PLAIN = frozenset([BindingKind.LOCAL, BindingKind.FACT])
_DECIDED = (BindingKind.OUTPUT, BindingKind.COLLECTED)
