"""reactions/*.yaml → Reaction; every fault of a folder at once, with its line."""

from __future__ import annotations

from pathlib import Path

from ...policy.assemble.reactions import build_reaction
from ...policy.diagnostics import Report, findings_error
from ...policy.kinds import REACTION
from ...policy.shapes import validate
from ...policy.source import MapNode, read_file
from .model import Reaction


def load_reactions(folder: Path) -> tuple[Reaction, ...]:
    """All reactions of a folder, by name; raises FindingsError with the first fault's place when it has any."""
    report = Report()
    found: dict[str, Reaction] = {}
    for path in sorted(folder.glob("*.yaml")):
        file = f"{folder.name}/{path.name}"
        root = read_file(path, file, report).root
        if not isinstance(root, MapNode) or not validate(root, REACTION, report):
            continue
        reaction = build_reaction(root, report)
        if reaction is None:
            continue
        if reaction.name in found:
            report.add("R027", reaction.place, name=reaction.name, other=str(found[reaction.name].place))
        found[reaction.name] = reaction
    if report.has_errors:
        raise findings_error(report.sorted())
    return tuple(found[name] for name in sorted(found))
