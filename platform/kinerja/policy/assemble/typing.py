"""Types and units of expressions, by FEEL's static inference over the scope of a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...core.errors import Place
from ...feel import FeelError, infer, infer_tests
from ...feel.syntax import Node
from ...feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    NUMBER,
    STRING,
    Type,
    compatible,
    context_of,
    function_of,
    list_of,
)
from ..diagnostics import Report
from ..model import Base, BindingKind, Cell, Input, Output, ValueType
from .constants import check_constants
from .registry import Registry
from .units import Units

UNKNOWN_NAME = "nama_tidak_dikenal"
BASES = {Base.NUMBER: NUMBER, Base.TEXT: STRING, Base.BOOLEAN: BOOLEAN, Base.DATE: DATE}
_KINDS = {NUMBER.kind: Base.NUMBER, STRING.kind: Base.TEXT, BOOLEAN.kind: Base.BOOLEAN, DATE.kind: Base.DATE}
_WORDS = {
    "number": ("angka", "a number"),
    "string": ("teks", "text"),
    "boolean": ("true/false", "true/false"),
    "date": ("tanggal", "a date"),
    "list": ("daftar", "a list"),
    "context": ("catatan berkunci", "a context"),
    "days and time duration": ("lama waktu", "a duration"),
    "years and months duration": ("lama waktu", "a duration"),
}


def feel_type(type_: ValueType) -> Type:
    return list_of(BASES[type_.base]) if type_.is_list else BASES[type_.base]


class Typing:
    """The types of all names that a decision's expressions may use."""

    def __init__(self, inputs: Iterable[Input], registry: Registry, for_each: str | None) -> None:
        self.types: dict[str, Type] = {}
        self.units = Units()
        for name, parameter in registry.parameters.items():
            own = feel_type(parameter.type)
            self.types[name] = own if parameter.key_type is None else function_of((feel_type(parameter.key_type),), own)
            self.units.set(name, parameter.type.unit)
        for name, versions in registry.headers.items():
            result = context_of({output.name: feel_type(output.type) for output in versions[-1].outputs})
            self.types[name] = function_of(tuple(ANY for _ in versions[-1].inputs), result)
            self.units.set_members(name, {output.name: output.type.unit for output in versions[-1].outputs})
        for given in inputs:
            if given.binding.kind is BindingKind.ITEMS:
                members = registry.members(given.binding.target)
                self.types[given.name] = list_of(context_of({name: feel_type(type_) for name, (type_, _) in members.items()}))
                self.units.set_members("", {name: type_.unit for name, (type_, _) in members.items()})
            elif given.type is not None:
                self.types[given.name] = feel_type(given.type)
                self.units.set(given.name, given.type.unit)

    def value_type_of(self, expression: Node) -> ValueType | None:
        """The type of a column whose heading is an expression; None when it has no simple type."""
        found, errors = infer(expression, self.types)
        base = _KINDS.get(found.kind)
        return ValueType(base, scale=12) if base is not None and not errors else None

    def add_step(self, name: str, expression: Node | None, output: Output | None) -> None:
        if output is not None:
            self.types[name] = feel_type(output.type)
            self.units.set(name, output.type.unit)
        else:
            self.types[name] = infer(expression, self.types)[0] if expression is not None else ANY
            self.units.set(name, self.units.of(expression) if expression is not None else None)

    # ── checks ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def check_step(self, name: str, expression: Node, at: Callable[[int], Place], report: Report) -> Type:
        """Report type and unit errors inside an expression; its type."""
        del name
        found, errors = infer(expression, self.types)
        for error in errors:
            if error.code != UNKNOWN_NAME:  # names are resolved, with better remedies, elsewhere
                report.add("R032", _place(error, at), what_id=error.text_id, what_en=error.text_en)
        check_constants(expression, at, report)
        for offset, first, second in self.units.clashes(expression):
            report.add("R033", at(offset), what_id=f"{first} dan {second}", what_en=f"{first} and {second}")
        return found

    def check_output(
        self, expression: Node, output: Output, at: Callable[[int], Place], report: Report, *, one: bool = False
    ) -> None:
        found = self.check_step(output.name, expression, at, report)
        wanted = BASES[output.type.base] if one else feel_type(output.type)
        if not compatible(found, wanted):
            mismatch(output.name, wanted, found, at(expression.span.start), report)
        unit = self.units.of(expression)
        if unit and output.type.unit and unit != output.type.unit:
            report.add("R033", at(expression.span.start), what_id=f"“{output.name}” dalam {output.type.unit}, rumus dalam {unit}",
                       what_en=f'"{output.name}" is in {output.type.unit}, the formula in {unit}')  # fmt: skip

    def check_truth(self, expression: Node, at: Callable[[int], Place], report: Report) -> None:
        found = self.check_step("", expression, at, report)
        if not compatible(found, BOOLEAN):
            mismatch("that", BOOLEAN, found, at(expression.span.start), report)

    def check_cell(self, cell: Cell, type_: ValueType, report: Report) -> None:
        """What a cell tests must be of the column's type, a list or range of it, or true/false over `?`."""

        def at(offset: int) -> Place:
            return Place(cell.place.file, cell.place.line, cell.place.column + offset)

        check_constants(cell.tests, at, report)
        for error in infer_tests(cell.tests, feel_type(type_), self.types):
            if error.code != UNKNOWN_NAME:
                report.add("R032", _place(error, at), what_id=error.text_id, what_en=error.text_en)


def _place(error: FeelError, at: Callable[[int], Place]) -> Place:
    return at(error.span.start if error.span is not None else 0)


def mismatch(name: str, wanted: Type, found: Type, place: Place, report: Report) -> None:
    wanted_id, wanted_en = _WORDS.get(wanted.kind, (str(wanted), str(wanted)))
    found_id, found_en = _WORDS.get(found.kind, (str(found), str(found)))
    report.add(
        "R032",
        place,
        what_id=f"“{name}” adalah {wanted_id}, di sini {found_id}",
        what_en=f'"{name}" is {wanted_en}, here is {found_en}',
    )
