"""What a run leaves beside its files, so that a changed draft computes only what the change reaches (`reuse`)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ...policy.model import Policy
from .parquet import Chunk, Group
from .reuse import Keys, digest

MANIFEST = "jalannya.json"
FORM = 3
"""To be raised when files of older runs are no longer to be built on."""


@dataclass(frozen=True, slots=True)
class Kept:
    """population: what its files are. decisions: name → keys. groups: those of each file but the last ones, which hold the

    cases computed one by one. tally: (unit, rating, cases) of the others, None where units are not counted.
    """

    folder: Path
    population: str
    rules: str
    day: str
    decisions: Mapping[str, Keys]
    groups: Mapping[str, Sequence[Group]]
    tally: Sequence[tuple[str, str, int]] | None

    def write(self) -> None:
        found = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("folder", "groups", "decisions")}
        shape = [one.name for one in fields(Chunk)]
        groups: dict[str, Any] = {}
        for file, listed in self.groups.items():
            chunks = [[{name: getattr(chunk, name) for name in shape} for chunk in group.chunks] for group in listed]
            groups[file] = [{"rows": group.rows, "chunks": held} for group, held in zip(listed, chunks, strict=True)]
        found |= {"form": FORM, "groups": groups, "decisions": {name: asdict(keys) for name, keys in self.decisions.items()}}
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
        found["decisions"] = {name: Keys(**keys) for name, keys in found["decisions"].items()}
        tally = found.pop("tally")
        kept = Kept(folder, tally=None if tally is None else [(unit, rating, count) for unit, rating, count in tally], **found)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return kept if all((folder / file).is_file() for file in kept.groups) else None


def population_key(folder: Path, names: Sequence[str]) -> str:
    """Which files, and in which state, a population is."""
    stats = [(name, (folder / f"{name}.parquet").stat()) for name in names]
    return digest([str(folder.resolve()), *((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)])


def rules_key(policy: Policy) -> str:
    """What facts must be: a change here reaches everything."""
    found = []
    for name, entity in sorted(policy.vocabulary.entities.items()):
        facts = [(one.name, repr(one.type)) for one in entity.facts.values()]
        found.append((name, entity.of, entity.key, facts, [constraint.text for constraint in entity.constraints]))
    return digest(found)


__all__ = ["MANIFEST", "Kept", "population_key", "read", "rules_key"]
