"""Rulesets as plain values: what the kernel is given, and the lint that keeps it inside what durable_rules can bear.

Every limit here was found by breaking the library: past it, ordinary input crashes the process, hangs it or is answered wrongly.
The lint refuses such a ruleset when it is loaded, so that no case ever meets it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Value = int | str
FactData = Mapping[str, Value]
Action = Callable[[Mapping[str, FactData]], Iterable[FactData]]
"""alias → fact as matched; returns the facts to assert. One parameter only: two would count as asynchronous."""

KIND = "t"
INT64 = 2**63 - 1
MAX_TEXT_BYTES = 16_384  # comparison is modulo 65,536; stay far below
PLAINLY_SHORT = 1_000  # letters: no need to count the bytes
MAX_PROPERTIES = 200  # 251 breaks
MAX_PATTERNS = 12  # more than 16 patterns a rule break
MAX_RULES = 3_000  # more than 4,096 break
MAX_SAME_PATTERN = 48  # 256 rules with an identical pattern crash; more than 64 matching one fact give error 303
MAX_SIBLINGS = 48  # distinct patterns of one kind: all may match one fact, and 512 hang

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,63}\Z")
_KIND = re.compile(r"[a-z][A-Za-z0-9_:./#-]{0,199}\Z")
_RESERVED = frozenset({"id", "sid", "t"})
_OPERATORS = {"=": "", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte", "!=": "$neq"}


class RulesetError(ValueError):
    """The ruleset or a fact is outside what the rete engine can hold safely."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The property of a fact matched earlier in the same rule."""

    alias: str
    prop: str


@dataclass(frozen=True, slots=True)
class Condition:
    prop: str
    operator: Literal["=", "<", "<=", ">", ">=", "!="]
    value: Value | Reference


@dataclass(frozen=True, slots=True)
class Pattern:
    """One fact of a kind that meets every condition."""

    alias: str
    kind: str
    conditions: tuple[Condition, ...] = ()

    def definition(self) -> dict[str, object]:
        """As durable_rules reads it: one key a condition (only the first of several is read), a flat $and, the kind first."""
        terms: list[dict[str, object]] = [{KIND: self.kind}]
        for condition in self.conditions:
            value: object = condition.value
            if isinstance(value, Reference):
                value = {value.alias: value.prop}
            operator = _OPERATORS[condition.operator]
            terms.append({operator: {condition.prop: value}} if operator else {condition.prop: value})
        return {self.alias: terms[0] if len(terms) == 1 else {"$and": terms}}


@dataclass(frozen=True, slots=True)
class Rule:
    """When facts match all patterns, run the action once for each combination. Lower priorities go first."""

    name: str
    patterns: tuple[Pattern, ...]
    action: Action = field(compare=False)
    priority: int = 100

    def definition(self) -> dict[str, object]:
        return {"all": [pattern.definition() for pattern in self.patterns], "pri": self.priority}


def check_ruleset(rules: Sequence[Rule]) -> None:
    """Raise RulesetError when the ruleset breaks a limit or uses anything outside the subset that was found sound."""
    if len(rules) > MAX_RULES:
        raise RulesetError(f"{len(rules)} rules; at most {MAX_RULES} in a ruleset")
    names = Counter(rule.name for rule in rules)
    for name, count in names.items():
        if count > 1 or not _KIND.match(name):
            raise RulesetError(f"rule name {name!r} is repeated or malformed")
    same: Counter[tuple[str, tuple[Condition, ...]]] = Counter()
    for rule in rules:
        _check_rule(rule)
        for pattern in rule.patterns:
            same[pattern.kind, pattern.conditions] += 1
    siblings: Counter[str] = Counter()
    for (kind, _), count in same.items():
        siblings[kind] += 1
        if count > MAX_SAME_PATTERN:
            raise RulesetError(f"{count} rules share one pattern of kind {kind!r}; at most {MAX_SAME_PATTERN}")
    for kind, count in siblings.items():
        if count > MAX_SIBLINGS:
            raise RulesetError(f"{count} different patterns of kind {kind!r}; at most {MAX_SIBLINGS}")


def _check_rule(rule: Rule) -> None:
    if not 1 <= len(rule.patterns) <= MAX_PATTERNS:
        raise RulesetError(f"rule {rule.name}: {len(rule.patterns)} patterns; 1 to {MAX_PATTERNS}")
    if not 0 <= rule.priority <= 10_000:
        raise RulesetError(f"rule {rule.name}: priority {rule.priority}")
    seen: set[str] = set()
    for pattern in rule.patterns:
        if not _NAME.match(pattern.alias) or pattern.alias in seen:
            raise RulesetError(f"rule {rule.name}: alias {pattern.alias!r} is repeated or malformed")
        if not _KIND.match(pattern.kind):
            raise RulesetError(f"rule {rule.name}: kind {pattern.kind!r} is malformed")
        for condition in pattern.conditions:
            _check_condition(rule.name, condition, seen)
        seen.add(pattern.alias)


def _check_condition(rule: str, condition: Condition, seen: set[str]) -> None:
    if not _NAME.match(condition.prop) or condition.prop in _RESERVED:
        raise RulesetError(f"rule {rule}: property {condition.prop!r} is reserved or malformed")
    if condition.operator not in _OPERATORS:
        raise RulesetError(f"rule {rule}: operator {condition.operator!r}")
    value = condition.value
    if isinstance(value, Reference):
        if value.alias not in seen or not _NAME.match(value.prop):
            raise RulesetError(f"rule {rule}: reference to {value.alias}.{value.prop} before it is matched")
        return
    check_value(value)
    if isinstance(value, str) and condition.operator not in ("=", "!="):
        raise RulesetError(f"rule {rule}: texts are compared for equality only")


def check_value(value: object) -> None:
    """Only int64 and short texts: the library misreads big integers, floats, booleans and long texts without a word."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise RulesetError(f"{type(value).__name__} cannot enter the rete engine")
    if isinstance(value, int):
        if not -INT64 <= value <= INT64:
            raise RulesetError("an integer beyond 64 bits cannot enter the rete engine")
    elif len(value.encode()) > MAX_TEXT_BYTES or "\x00" in value:
        raise RulesetError(f"a text longer than {MAX_TEXT_BYTES} bytes, or with NUL, cannot enter the rete engine")


def check_fact(fact: FactData) -> None:
    if len(fact) > MAX_PROPERTIES:
        raise RulesetError(f"a fact with {len(fact)} properties; at most {MAX_PROPERTIES}")
    kind = fact.get(KIND)
    if not isinstance(kind, str) or not _KIND.match(kind):
        raise RulesetError(f"a fact of kind {kind!r}")
    for name, value in fact.items():
        if name == KIND:
            continue
        if name in _RESERVED or not _NAME.match(name):
            raise RulesetError(f"fact {kind}: property {name!r} is reserved or malformed")
        check_value(value)
