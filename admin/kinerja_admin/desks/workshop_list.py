"""The list of a rule set in the workshop: each file with its state and alarms, by folder, to be filtered and searched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import yaml

from kinerja.policy import Diagnostic

from .rules import KINDS, RuleFile, describe
from .workshop_words import Remark, remarks

ALARMS = frozenset({"R055", "R056", "R057"})
UNHIT = "R075"
STATES = ("berubah", "galat", "tinjau", "sumber", "kasus")
"""What the list can be narrowed to: changed, with errors or warnings, due for review, unverified sources, rows without a case."""


@dataclass(frozen=True, slots=True)
class Status:
    """A file in the list. sources: statuses of its citations other than verified; unhit: rows that no case covers."""

    rule: RuleFile
    changed: bool
    errors: int
    warnings: int
    alarms: tuple[Remark, ...]
    sources: tuple[str, ...]
    unhit: int

    @property
    def states(self) -> frozenset[str]:
        held = (self.changed, self.errors or self.warnings, self.alarms, self.sources, self.unhit)
        return frozenset(name for name, one in zip(STATES, held, strict=True) if one)


@dataclass(frozen=True, slots=True)
class StatusGroup:
    kind: str
    rows: tuple[Status, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """folder, state: "" for all. query: words that stand in the title, the file's name or its text."""

    folder: str = ""
    state: str = ""
    query: str = ""

    def takes(self, status: Status, text: str) -> bool:
        if self.folder and status.rule.kind != self.folder:
            return False
        if self.state and self.state not in status.states:
            return False
        whole = f"{status.rule.title}\n{status.rule.file}\n{text}".casefold()
        return all(word in whole for word in self.query.casefold().split())


def described(name: str, text: str) -> RuleFile:
    """A draft's file may be anything."""
    try:
        return describe(name, text)
    except (yaml.YAMLError, AttributeError, TypeError, ValueError, RecursionError):
        return RuleFile(name, name.split("/")[0] if "/" in name else "vocabulary", (), (), "", "")


def statuses(files: Mapping[str, str], changed: frozenset[str], found: Iterable[Diagnostic]) -> tuple[Status, ...]:
    """The rule files of a set, each with what the check and the cases say of it."""
    by_file: dict[str, list[Remark]] = {}
    for one in remarks(found):
        by_file.setdefault(one.file, []).append(one)
    listed = []
    for name in sorted(name for name in files if name.endswith((".yaml", ".yml"))):
        said = by_file.get(name, [])
        rule = described(name, files[name])
        tones = [one.tone for one in said if one.code not in ALARMS and one.code != UNHIT]
        listed.append(
            Status(
                rule,
                name in changed,
                tones.count("bad"),
                tones.count("warn"),
                tuple(one for one in said if one.code in ALARMS),
                tuple(dict.fromkeys(c.status for c in rule.authority if c.status != "verified")),
                sum(1 for one in said if one.code == UNHIT),
            )
        )
    return tuple(listed)


def grouped(listed: Iterable[Status]) -> tuple[StatusGroup, ...]:
    rows = tuple(listed)
    groups = (StatusGroup(kind, tuple(one for one in rows if one.rule.kind == kind)) for kind in KINDS)
    return tuple(group for group in groups if group.rows)
