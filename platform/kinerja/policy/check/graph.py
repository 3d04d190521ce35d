"""The requirements graph: cycles, topological order, goals and what they can reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ...core.errors import Place
from ..diagnostics import Report
from ..model import BindingKind, Decision, Vocabulary

Versions = Mapping[str, Sequence[Decision]]


def requirements(versions: Sequence[Decision]) -> tuple[str, ...]:
    """What any version of a decision requires."""
    return tuple(dict.fromkeys(name for version in versions for name in version.requires_decisions))


def order(decisions: Versions, report: Report) -> tuple[str, ...]:
    """Decision names, required before requiring, ties by name; each cycle is reported once."""
    done: dict[str, None] = {}
    path: list[str] = []
    cycles: set[frozenset[str]] = set()

    def visit(name: str) -> None:
        if name in done or name not in decisions:
            return
        if name in path:
            cycle = [*path[path.index(name) :], name]
            if frozenset(cycle) not in cycles:
                cycles.add(frozenset(cycle))
                report.add("R025", decisions[name][-1].place, cycle=" → ".join(cycle))
            return
        path.append(name)
        for required in sorted(requirements(decisions[name])):
            visit(required)
        path.pop()
        done[name] = None

    for name in sorted(decisions):
        visit(name)
    return tuple(done)


def closure(names: Iterable[str], decisions: Versions) -> set[str]:
    """These decisions and all they require."""
    found: set[str] = set()
    todo = [name for name in names if name in decisions]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(required for required in requirements(decisions[name]) if required in decisions)
    return found


def check_goals(vocabulary: Vocabulary, decisions: Versions, place: Place, broken: set[str], report: Report) -> None:
    """Goals exist, and all they require rests on facts of their own entity and its items."""
    for entity, goals in vocabulary.goals.items():
        reach = {entity} | {other.name for other in vocabulary.entities.values() if other.of == entity}
        for goal in goals:
            if goal not in decisions and goal not in broken:
                report.add("R020", place, near=(goal, decisions), name=goal,
                           remedy_id="perbaiki “goals:” di kosakata", remedy_en="mend `goals:` in the vocabulary")  # fmt: skip
        called = _only_called(goals, decisions)
        for name in sorted(closure(goals, decisions)):
            for version in decisions[name]:
                for given in version.inputs:
                    if given.binding.kind in (BindingKind.FACT, BindingKind.ITEMS) and given.binding.target not in reach:
                        if name not in called:
                            _out_of_reach(name, str(given.binding), entity, given.place, report)
                    elif given.binding.kind is BindingKind.LOCAL and name not in called:
                        _out_of_reach(name, given.name, entity, given.place, report)


def check_monotone(decisions: Versions, broken: set[str], report: Report) -> None:
    """`monotone:` of an output further back names one that the decision rests on.

    Where something is wrong already, links may be missing: then any decision's output will do, and one of a broken file.
    """
    faulty = report.has_errors
    for name in decisions:
        for version in decisions[name]:
            own = {given.name for given in version.inputs}
            below = closure(requirements([version]), decisions)
            rests_on = decisions if faulty else below
            outputs = {f"{other}.{output.name}" for other in rests_on for output in decisions[other][-1].outputs}
            for source in version.monotone:
                first = source.partition(".")[0]
                if first not in own and first not in broken and source not in outputs:
                    report.add("R020", version.place, near=(source, outputs | own), name=source,
                               remedy_id="sebut masukan keputusan ini, atau keluaran keputusan yang mendasarinya",
                               remedy_en="name an input of this decision, or an output of one it rests on")  # fmt: skip


def _only_called(goals: Iterable[str], decisions: Versions) -> set[str]:
    """Decisions that the goals reach through calls alone: their inputs are given by the caller."""
    bound: set[str] = set()
    todo = [goal for goal in goals if goal in decisions]
    while todo:
        name = todo.pop()
        if name in bound:
            continue
        bound.add(name)
        for version in decisions[name]:
            for given in version.inputs:
                if given.binding.kind in (BindingKind.OUTPUT, BindingKind.COLLECTED):
                    todo.append(given.binding.target)
                todo.extend(member.decision for member in given.members if member.decision is not None)
        todo = [other for other in todo if other in decisions]
    return closure(goals, decisions) - bound


def _out_of_reach(decision: str, name: str, entity: str, place: Place, report: Report) -> None:
    report.add(
        "R024",
        place,
        name=name,
        why_id=f"{decision} dipakai untuk tujuan {entity}, yang tidak mempunyai nilai ini",
        why_en=f"{decision} is needed for a goal of {entity}, which has no such value",
        remedy_id=f"ikat dengan “from:” ke fakta {entity} atau keluaran keputusan",
        remedy_en=f"bind it by `from:` to a fact of {entity} or an output of a decision",
    )
