"""What a run leaves beside its files, so that a changed draft computes only what the change reaches.

A decision's key covers its own form (parameters of the day included) and the keys of all it rests on: equal keys, equal columns.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ...policy.model import BindingKind, Policy
from ..chain import Chain, Link
from .parquet import Chunk, Group

MANIFEST = "jalannya.json"
FORM = 2
"""To be raised when files of older runs are no longer to be built on."""


@dataclass(frozen=True, slots=True)
class Kept:
    """population: what its files are. decisions: name → key. groups: those of each file but the last ones, which hold the

    cases computed one by one. tally: (unit, rating, cases) of the others, None where units are not counted.
    """

    folder: Path
    population: str
    rules: str
    day: str
    decisions: Mapping[str, str]
    groups: Mapping[str, Sequence[Group]]
    tally: Sequence[tuple[str, str, int]] | None

    def write(self) -> None:
        found = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("folder", "groups")}
        shape = [one.name for one in fields(Chunk)]
        groups: dict[str, Any] = {}
        for file, listed in self.groups.items():
            chunks = [[{name: getattr(chunk, name) for name in shape} for chunk in group.chunks] for group in listed]
            groups[file] = [{"rows": group.rows, "chunks": held} for group, held in zip(listed, chunks, strict=True)]
        found |= {"form": FORM, "groups": groups}
        part = self.folder / f".{MANIFEST}.baru"
        part.write_text(json.dumps(found), "utf-8")
        part.replace(self.folder / MANIFEST)


def read(folder: Path) -> Kept | None:
    """The manifest of a run's folder; None where there is none that fits."""
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
        if found.pop("form") != FORM:
            return None
        found["groups"] = {
            file: [Group([Chunk(**chunk) for chunk in group["chunks"]], group["rows"]) for group in groups]
            for file, groups in found["groups"].items()
        }
        tally = found.pop("tally")
        kept = Kept(folder, tally=None if tally is None else [(unit, rating, count) for unit, rating, count in tally], **found)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return kept if all((folder / file).is_file() for file in kept.groups) else None


def population_key(folder: Path, names: Sequence[str]) -> str:
    """Which files, and in which state, a population is."""
    stats = [(name, (folder / f"{name}.parquet").stat()) for name in names]
    return _digest([str(folder.resolve()), *((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)])


def rules_key(policy: Policy) -> str:
    """What facts must be: a change here reaches everything."""
    found = []
    for name, entity in sorted(policy.vocabulary.entities.items()):
        facts = [(one.name, repr(one.type)) for one in entity.facts.values()]
        found.append((name, entity.of, entity.key, facts, [constraint.text for constraint in entity.constraints]))
    return _digest(found)


def decision_keys(chain: Chain) -> dict[str, str]:
    found: dict[str, str] = {}
    asked: dict[str, str] = {}
    for name, plan in chain.asked.items():
        asked[name] = _digest([repr(plan), _parameters(chain, plan.parameters)])
    for link in chain.links:
        bindings = [repr(given.binding) + repr(given.members) for given in link.decision.inputs]
        below = [found[name] for name in required(link) if name in found]
        calls = [asked[name] for name in sorted(_called(chain, link.plan.asks))]
        own = [link.decision.for_each, repr(link.plan), _parameters(chain, link.plan.parameters)]
        found[link.decision.name] = _digest([own, bindings, below, calls])
    return found


def required(link: Link) -> list[str]:
    """The decisions whose outputs are inputs of this one."""
    names = [
        given.binding.target for given in link.decision.inputs if given.binding.kind in (BindingKind.OUTPUT, BindingKind.COLLECTED)
    ]
    return [*names, *(member.decision for given in link.decision.inputs for member in given.members if member.decision is not None)]


def _called(chain: Chain, names: Sequence[str]) -> set[str]:
    found: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += chain.asked[name].asks
    return found


def _parameters(chain: Chain, names: Sequence[str]) -> list[Any]:
    return [(name, repr(chain.parameters.get(name))) for name in names]


def _digest(parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reuse:
    """computed: decisions to compute anew, the changed ones among them. read: outputs of others that these read."""

    computed: frozenset[str]
    read: Mapping[str, frozenset[str]]
    changed: frozenset[str]


def reuse(chain: Chain, kept: Kept) -> Reuse | None:
    """What must be computed beside a run that is kept; None where that is no gain: an item decision changed, or nearly all did."""
    keys = decision_keys(chain)
    changed = frozenset(name for name, key in keys.items() if kept.decisions.get(name) != key)
    links = {link.decision.name: link for link in chain.links}
    if set(kept.decisions) != set(keys) or any(links[name].decision.for_each for name in changed):
        return None
    computed, queue = set(changed), list(changed)
    read: dict[str, set[str]] = {}
    while queue:
        link = links[queue.pop()]
        for name in required(link):
            if name in computed:
                continue
            if links[name].decision.for_each:  # an item's answer is not read back: it is quick to compute
                computed.add(name)
                queue.append(name)
            else:
                members = {g.binding.member for g in link.decision.inputs if g.binding.target == name}
                read.setdefault(name, set()).update(members)
    return Reuse(frozenset(computed), {name: frozenset(members) for name, members in read.items()}, changed)


__all__ = ["MANIFEST", "Kept", "Reuse", "decision_keys", "population_key", "read", "reuse", "rules_key"]
