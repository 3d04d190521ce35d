"""Resolves the free names of a decision's expressions and collects what it requires."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...core.errors import Place
from ...feel.syntax import Call, Name, Node, UnaryTests
from ..diagnostics import Report
from ..model import BindingKind, Formula, Input, Member, Table
from .builtins import BUILT_INS
from .registry import Header, Registry
from .scope import Use, path_names, uses


def _arguments(call: Call) -> tuple[Node, ...]:
    return call.arguments or tuple(value for _, value in call.named)


class Names:
    """Scope of one decision: its inputs, the steps so far, parameters, and decisions as functions."""

    def __init__(self, inputs: Iterable[Input], registry: Registry, header: Header, report: Report) -> None:
        self.inputs = {given.name: given for given in inputs}
        self.registry, self.header, self.report = registry, header, report
        self.steps: dict[str, Place] = {}
        self.used: set[str] = set()
        self._parameters: dict[str, None] = {}
        self._called: dict[str, None] = {}
        self._paths: set[str] = set()
        self._item_members = {
            name: registry.members(given.binding.target)
            for name, given in self.inputs.items()
            if given.binding.kind is BindingKind.ITEMS and given.binding.target in registry.vocabulary.entities
        }

    def without_steps(self) -> Names:
        """The same scope before any step; what it collects is shared."""
        other = Names(self.inputs.values(), self.registry, self.header, self.report)
        other.used, other._parameters, other._called, other._paths = self.used, self._parameters, self._called, self._paths
        return other

    def in_scope(self) -> tuple[str, ...]:
        return (*self.inputs, *self.steps, *self.registry.parameters, *self.registry.headers)

    def check_clashes(self, steps: dict[str, Place]) -> None:
        outputs = {output.name: output.place for output in self.header.outputs}
        for name, given in self.inputs.items():
            if name in outputs:
                self._clash(name, outputs[name], ("masukan", "an input"), ("keluaran", "an output"))
            if name in self.registry.parameters:
                self._clash(name, given.place, ("masukan", "an input"), ("parameter", "a parameter"))
            if name in steps:
                self._clash(name, steps[name], ("masukan", "an input"), ("langkah", "a step"))
        for name, place in steps.items():
            if name in self.registry.parameters:
                self._clash(name, place, ("langkah", "a step"), ("parameter", "a parameter"))

    def _clash(self, name: str, place: Place, first: tuple[str, str], second: tuple[str, str]) -> None:
        self.report.add("R022", place, name=name, first_id=first[0], second_id=second[0], first_en=first[1], second_en=second[1])

    def add_step(self, name: str, place: Place) -> None:
        self.steps[name] = place

    # ── resolution ────────────────────────────────────────────────────────────────────────────────────────────────────
    def resolve(self, node: Node | UnaryTests, at: Callable[[int], Place]) -> None:
        """Report every free name that stands for nothing; note those that stand for something."""
        self._paths |= path_names(node)
        for use in uses(node, frozenset({"?"})):
            self._one(use, at)

    def _one(self, use: Use, at: Callable[[int], Place]) -> None:
        name, place = use.name, at(use.span.start)
        if use.call is not None and name not in self.inputs and name not in self.steps:
            self._function(name, use.call, place)
        elif name in self.inputs or name in self.steps:
            self.used.add(name)
        elif name in self.registry.parameters:
            self._parameters[name] = None
            if self.registry.parameters[name].key_type is not None:
                self.report.add("R026", place, name=name, expected=1, given=0, signature=f"{name}(…)")
        elif use.filtered and any(name in members for members in self._item_members.values()):
            self._paths.add(name)
        elif (
            name not in self.header.inputs and name not in self.registry.broken
        ):  # an input that could not be bound has been reported already
            self._unknown(name, place)

    def _function(self, name: str, call: Call, place: Place) -> None:
        count = len(call.arguments) or len(call.named)
        if name in self.registry.parameters:
            self._parameters[name] = None
            if self.registry.parameters[name].key_type is None:
                self.report.add("R026", place, name=name, expected=0, given=count, signature=name)
            elif count != 1:
                self.report.add("R026", place, name=name, expected=1, given=count, signature=f"{name}(…)")
        elif name in self.registry.headers:
            self._called[name] = None
            inputs = self.registry.latest(name).inputs
            signature = f"{name}({', '.join(inputs)})"
            if any(isinstance(one, Name) and one.name in self._item_members for one in _arguments(call)):
                self._paths |= self.registry.latest(name).words()  # the items handed on carry what the called one reads
            if count != len(inputs):
                self.report.add("R026", place, name=name, expected=len(inputs), given=count, signature=signature)
            for argument, _ in call.named:
                if argument not in inputs:
                    self.report.add("R020", place, near=(argument, inputs), name=argument,
                                    remedy_id=f"panggil {signature}", remedy_en=f"call {signature}")  # fmt: skip
        elif name not in BUILT_INS and name not in self.registry.broken:
            known = [*BUILT_INS, *self.registry.headers, *self.registry.parameters]
            self.report.add("R020", place, near=(name, known), name=f"{name}()",
                            remedy_id="pakai fungsi FEEL, keputusan, atau parameter berkunci",
                            remedy_en="use a FEEL function, a decision, or a keyed parameter")  # fmt: skip

    def _unknown(self, name: str, place: Place) -> None:
        facts = {fact for entity in self.registry.vocabulary.entities.values() for fact in entity.facts}
        known = {*self.in_scope(), *facts}
        if name in facts:
            remedy = (f"tambahkan {name} pada inputs", f"add {name} to inputs")
        else:
            remedy = ("periksa ejaannya, atau tambahkan pada inputs", "check the spelling, or add it to inputs")
        self.report.add("R020", place, near=(name, known), name=name, remedy_id=remedy[0], remedy_en=remedy[1])

    # ── what was found ────────────────────────────────────────────────────────────────────────────────────────────────
    def members(self) -> dict[str, tuple[Member, ...]]:
        """Entity → the members of its items that the decision reads."""
        return {
            self.inputs[name].binding.target: tuple(
                Member(member, type_, decision)
                for member, (type_, decision) in members.items()
                if member in self._paths and decision != self.header.name
            )
            for name, members in self._item_members.items()
        }

    def decisions(self) -> tuple[str, ...]:
        """Decisions read: bound, called, or through members of items; in order of first use."""
        bound = [
            given.binding.target
            for given in self.inputs.values()
            if given.binding.kind in (BindingKind.OUTPUT, BindingKind.COLLECTED)
        ]
        through = [member.decision for members in self.members().values() for member in members if member.decision is not None]
        return tuple(dict.fromkeys([*bound, *through, *self._called]))

    def parameters(self) -> tuple[str, ...]:
        return tuple(self._parameters)

    def report_unused(self, logic: Table | Formula) -> None:
        for name, given in self.inputs.items():
            if name not in self.used:
                self.report.add("R074", given.place, name=name)
        if isinstance(logic, Formula):
            for step in logic.steps:
                if step.type is None and step.name not in self.used:
                    self.report.add("R072", self.steps.get(step.name, step.place), name=step.name)
