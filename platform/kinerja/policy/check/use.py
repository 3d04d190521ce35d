"""What nothing reads: facts, parameters, outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...feel.syntax import Call, Name, Node, Path
from ..assemble.scope import every_node
from ..diagnostics import Report
from ..model import Base, BindingKind, Decision, Parameter, Table, Vocabulary
from ..walk import expressions


def check_use(
    vocabulary: Vocabulary, parameters: Mapping[str, Parameter], decisions: Mapping[str, Sequence[Decision]], report: Report
) -> None:
    every = [version for versions in decisions.values() for version in versions]
    _facts(vocabulary, every, report)
    read = {name for version in every for name in version.requires_parameters}
    for name, parameter in parameters.items():
        if name not in read:
            report.add("R073", parameter.place, name=name)
    _outputs(vocabulary, decisions, every, report)


def _facts(vocabulary: Vocabulary, every: Sequence[Decision], report: Report) -> None:
    """Free texts (a reason, a reference to evidence) are kept for people to read and decide nothing: they are left out."""
    used: set[tuple[str, str]] = set()
    for version in every:
        for given in version.inputs:
            if given.binding.kind is BindingKind.FACT:
                used.add((given.binding.target, given.binding.member))
            used.update((given.binding.target, member.name) for member in given.members if member.decision is None)
    for entity in vocabulary.entities.values():
        for fact in entity.facts.values():
            free_text = fact.type.base is Base.TEXT and not fact.type.values
            if (entity.name, fact.name) not in used and fact.name != entity.key and not free_text:
                report.add("R070", fact.place, name=f"{entity.name}.{fact.name}")


def _outputs(
    vocabulary: Vocabulary, decisions: Mapping[str, Sequence[Decision]], every: Sequence[Decision], report: Report
) -> None:
    """An output is unused when others read its decision, but not it. Answers of goals and final decisions are for people."""
    goals = {goal for names in vocabulary.goals.values() for goal in names}
    required = {name for version in every for name in version.requires_decisions}
    read = {
        (given.binding.target, given.binding.member)
        for version in every
        for given in version.inputs
        if given.binding.kind in (BindingKind.OUTPUT, BindingKind.COLLECTED)
    }
    read |= {(m.decision, m.name) for version in every for given in version.inputs for m in given.members if m.decision is not None}
    for version in every:
        for expression in expressions(version):
            for node in every_node(expression):
                if isinstance(node, Path) and isinstance(node.source, Call) and isinstance(node.source.function, Name):
                    read.add((node.source.function.name, node.name))
    own = {
        (version.name, step.name)
        for version in every
        if not isinstance(version.logic, Table)
        for step in version.logic.steps
        if any(step.name in _names(other.expression) for other in version.logic.steps if other is not step)
    }
    for name in sorted(required - goals):
        for output in decisions[name][-1].outputs if name in decisions else ():
            if (name, output.name) not in read and (name, output.name) not in own:
                report.add("R071", output.place, name=f"{name}.{output.name}")


def _names(node: Node) -> set[str]:
    return {here.name for here in every_node(node) if isinstance(here, Name)}
