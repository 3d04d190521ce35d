"""Conditions over the fields of a happening: names, types, units, words and the portable subset, each fault by its code."""

from __future__ import annotations

from collections.abc import Mapping

from ...feel import infer
from ...feel.syntax import Comparison, Name, Node, StringLiteral
from ...feel.types import BOOLEAN, compatible
from ..check.portable import outside
from ..diagnostics import Report
from ..model import ValueType
from ..source import Scalar
from .builtins import BUILT_INS
from .constants import check_constants
from .expressions import read_expression
from .scope import every_node, uses
from .typing import UNKNOWN_NAME, feel_type, mismatch
from .units import Units


def read_condition(scalar: Scalar, fields: Mapping[str, ValueType], report: Report) -> Node | None:
    """The syntax tree of a `where:`; None when it cannot be read. Both matchers must be able to tell it, so that what the
    integer form cannot hold is refused here."""
    node = read_expression(scalar, fields, report)
    if node is None:
        return None
    for use in uses(node):
        if use.call is not None and use.name not in fields:
            if use.name not in BUILT_INS:
                report.add("R020", scalar.at(use.span.start), near=(use.name, BUILT_INS), name=f"{use.name}()",
                           remedy_id="pakai fungsi FEEL", remedy_en="use a FEEL function")  # fmt: skip
        elif use.name not in fields:
            known = ", ".join(fields) or "—"
            report.add("R020", scalar.at(use.span.start), near=(use.name, fields), name=use.name,
                       remedy_id=f"pakai fakta dari kejadian itu: {known}",
                       remedy_en=f"use a fact of that happening: {known}")  # fmt: skip
    _types(node, fields, scalar, report)
    check_constants(node, scalar.at, report)
    for word, where in outside(node, frozenset()):
        report.add("R084", scalar.at(where.span.start), what_id=f"syarat memakai {word}", what_en=f"the condition uses {word}")
    return node


def _types(node: Node, fields: Mapping[str, ValueType], scalar: Scalar, report: Report) -> None:
    units = Units()
    for name, kind in fields.items():
        units.set(name, kind.unit)
    found, errors = infer(node, {name: feel_type(kind) for name, kind in fields.items()})
    for error in errors:
        if error.code != UNKNOWN_NAME:
            place = scalar.at(error.span.start if error.span is not None else 0)
            report.add("R032", place, what_id=error.text_id, what_en=error.text_en)
    if not errors and not compatible(found, BOOLEAN):
        mismatch("where", BOOLEAN, found, scalar.place, report)
    for offset, first, second in units.clashes(node):
        report.add("R033", scalar.at(offset), what_id=f"{first} dan {second}", what_en=f"{first} and {second}")
    for here in every_node(node):
        if isinstance(here, Comparison):
            for one, other in ((here.left, here.right), (here.right, here.left)):
                _word(one, other, fields, scalar, report)


def _word(one: Node, other: Node, fields: Mapping[str, ValueType], scalar: Scalar, report: Report) -> None:
    if not isinstance(one, Name) or not isinstance(other, StringLiteral):
        return
    values = fields[one.name].values if one.name in fields else ()
    if values and other.value not in values:
        report.add("R035", scalar.at(other.span.start), near=(other.value, values), value=other.value, name=one.name,
                   known=", ".join(values))  # fmt: skip
