"""The compiled policy: what `compile` returns and every engine, prover and screen reads.

Frozen values only. Expressions are FEEL syntax trees, checked; types carry scale, range and unit.
A policy knows its places (file, line), so that a number can be led back to its row and its article.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..core.errors import Place
from ..core.findings import Citation
from ..feel.syntax import Node, UnaryTests

if TYPE_CHECKING:
    from .reactions import Reaction


def shown(place: Place) -> Place:
    """A policy's places are relative to its folder, which every city and every reader knows as `rules/`."""
    return Place(f"rules/{place.file}", place.line, place.column)


# ── types of values ───────────────────────────────────────────────────────────────────────────────────────────────────
class Base(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class ValueType:
    """The type of a fact, input, output or parameter.

    scale: digits after the point (numbers). low, high: range, both included (numbers). values: the allowed texts, in
    the order of the file (for PRIORITY and OUTPUT ORDER: best first when declared so). is_list: a list of such values.
    nullable: the value may be null; nullable_elements: elements of the list may be.
    """

    base: Base
    scale: int = 0
    low: Fraction | None = None
    high: Fraction | None = None
    values: tuple[str, ...] = ()
    unit: str = ""
    is_list: bool = False
    nullable: bool = False
    nullable_elements: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    id: str
    en: str


@dataclass(frozen=True, slots=True)
class Effective:
    """Inclusive dates, Asia/Jakarta. review_by: the day after which the value must be looked at again."""

    first: date
    last: date | None = None
    review_by: date | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


# ── vocabulary ────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Fact:
    entity: str
    name: str
    label: Label
    type: ValueType
    source: str
    place: Place


@dataclass(frozen=True, slots=True)
class Constraint:
    """What holds in every legal case beyond the ranges of single facts; admission and proof rely on it."""

    text: str
    that: Node
    label: Label
    place: Place


@dataclass(frozen=True, slots=True)
class Entity:
    """`kasus` is the case; entities with `of` are its items (`indikator`, `penilaian`: of kasus), told apart by `key`."""

    name: str
    label: Label
    facts: Mapping[str, Fact]
    of: str | None = None
    key: str | None = None
    constraints: tuple[Constraint, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    entities: Mapping[str, Entity]
    goals: Mapping[str, tuple[str, ...]]
    """Entity → decisions that an evaluation of it must answer, e.g. kasus → (predikat_kinerja, tpp_bulanan, …)."""


# ── parameters and standards ──────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class DatedValue:
    """value: a scalar, or for a keyed parameter a mapping from key to scalar."""

    effective: Effective
    value: Any
    place: Place
    authority: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named, dated figure. Scalar: used by name. Keyed (key_type set): called, `tarif_kelas(kelas_jabatan)`."""

    name: str
    label: Label
    type: ValueType
    key_type: ValueType | None
    values: tuple[DatedValue, ...]
    authority: tuple[Citation, ...]
    place: Place

    def on(self, day: date) -> DatedValue | None:
        return next((value for value in self.values if value.effective.holds(day)), None)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of a performance standard; target, weight and realisasi carry 4 digits at most.

    source: where the actual comes from: a statistic of service events (`kejadian`), `tim_evaluasi` (rubric score), `laporan`.
    statistic: how (a statistic of events such as `persen_tepat_waktu`, or `nilai`, as it was given).
    prorate: days by which the target is divided for a part of the period (`hari_kalender`, `hari_kerja`), "" = never.
    serves: codes of the superior's indicators that it contributes to, the nearest first.
    aspect: kuantitas, kualitas, waktu or biaya, "" = not said.
    """

    code: str
    label: Label
    polarity: str
    target: Fraction
    target_high: Fraction | None
    weight: Fraction
    unit: str
    source: str
    statistic: str
    service: str
    definition: str
    population: str
    place: Place
    prorate: str = ""
    serves: tuple[str, ...] = ()
    aspect: str = ""


@dataclass(frozen=True, slots=True)
class Standard:
    """Performance standard for the posts named by `positions` (codes), within `units` (codes, () = any), `classes` (() = any)."""

    name: str
    label: Label
    positions: tuple[str, ...]
    units: tuple[str, ...]
    classes: tuple[int, ...]
    indicators: tuple[Indicator, ...]
    effective: Effective
    authority: tuple[Citation, ...]
    place: Place


# ── decisions ─────────────────────────────────────────────────────────────────────────────────────────────────────────
class HitPolicy(StrEnum):
    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"
    COLLECT_SUM = "COLLECT SUM"
    COLLECT_MIN = "COLLECT MIN"
    COLLECT_MAX = "COLLECT MAX"
    COLLECT_COUNT = "COLLECT COUNT"


class BindingKind(StrEnum):
    FACT = "fact"  # target = entity, member = fact name
    OUTPUT = "output"  # target = decision, member = output name (of the same item, or of the case)
    ITEMS = "items"  # target = entity: the whole list of its items, facts and for_each outputs of each
    COLLECTED = "collected"  # target = for_each decision, member = output: the list over all items, in order
    LOCAL = "local"  # nothing: given only when the decision is called or decided alone


@dataclass(frozen=True, slots=True)
class Binding:
    kind: BindingKind
    target: str = ""
    member: str = ""

    def __str__(self) -> str:
        return ".".join(part for part in (self.target, self.member) if part)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the items of an ITEMS input that the decision reads. decision: the for_each decision whose output it
    is; None for a fact of the item."""

    name: str
    type: ValueType
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """type is None only for ITEMS bindings; those list the members of an item that the decision reads."""

    name: str
    label: Label
    type: ValueType | None
    binding: Binding
    place: Place
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    name: str
    label: Label
    type: ValueType
    place: Place


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    tests: UnaryTests
    place: Place


@dataclass(frozen=True, slots=True)
class OutputCell:
    text: str
    expression: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Row:
    """id: "<decision>#<n>", n counted from 1 in the order of the table."""

    id: str
    cells: tuple[Cell, ...]
    outputs: tuple[OutputCell, ...]
    note: str
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """columns: the input expression of each condition column (usually the Name of an input), with its type."""

    hit: HitPolicy
    columns: tuple[OutputCell, ...]
    column_types: tuple[ValueType, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A named step of a formula. `type` is set where the step is an output; otherwise the step is an exact intermediate."""

    name: str
    text: str
    expression: Node
    label: Label
    type: ValueType | None
    place: Place


@dataclass(frozen=True, slots=True)
class Formula:
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A precondition; when `that` is not true the decision fails with this code and these sentences."""

    code: str
    text: str
    that: Node
    label: Label
    place: Place


@dataclass(frozen=True, slots=True)
class Example:
    """A worked case of a rule file. expect: output → value, or error: the code that must be raised."""

    given: Mapping[str, Any]
    expect: Mapping[str, Any]
    error: str | None
    on: date | None
    place: Place
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """for_each: the item entity it works on, None at case level. requires_decisions, requires_parameters: what it reads,
    bound or called, in order of first use."""

    name: str
    label: Label
    for_each: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    logic: Table | Formula
    requirements: tuple[Requirement, ...]
    requires_decisions: tuple[str, ...]
    requires_parameters: tuple[str, ...]
    effective: Effective
    authority: tuple[Citation, ...]
    examples: tuple[Example, ...]
    monotone: Mapping[str, str]
    place: Place
    portable: bool = True
    """False: uses FEEL outside the portable subset; evaluated one case at a time only."""


# ── the whole ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Policy:
    """A checked rule set. decisions: name → versions by ascending first day. order: names, required before requiring.

    sources: file name → sha256 of its bytes, for releases; fingerprint: sha256 over meaning (comments and layout excluded).
    """

    title: str
    vocabulary: Vocabulary
    parameters: Mapping[str, Parameter]
    standards: tuple[Standard, ...]
    decisions: Mapping[str, tuple[Decision, ...]]
    order: tuple[str, ...]
    fingerprint: str
    sources: Mapping[str, str] = field(default_factory=dict)
    reactions: tuple[Reaction, ...] = ()

    def decision(self, name: str, day: date | None = None) -> tuple[Decision, bool]:
        """The version of a decision on a day, and whether it is in force then; None asks for the latest.

        When no version holds on that day, the latest that began before it, else the first, is returned with False.
        Raises KeyError for an unknown name.
        """
        versions = self.decisions[name]
        if day is None:
            return versions[-1], True
        for version in versions:
            if version.effective.holds(day):
                return version, True
        begun = [version for version in versions if version.effective.first <= day]
        return (begun or versions[:1])[-1], False
