"""Exceptions and transitional clauses → plain decisions.

A decision G with exceptions becomes, for each span of days on which the same ones are in force, a formula that asks the first
exception whose `when` holds, else the general rule, which goes on under the name G_umum. A transitional clause is an exception
whose rule is the version before (G_lama_<first day>), until its last day. Engines, proofs and traces see ordinary decisions.

Precedence among exceptions: the higher instrument, then the narrower scope (more conditions joined by `and`), then the later date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ...core.errors import Place
from ...feel.syntax import Logic, Node
from ..diagnostics import Report
from ..model import Effective
from ..shapes import day, text
from ..source import Entry, ListNode, MapNode, Scalar
from ..source import Node as Tree
from .expressions import read_expression
from .registry import Header
from .scope import uses

_LEVELS = (
    (1, r"UUD|Undang-Undang Dasar"),
    (2, r"UU|Undang-Undang|Perppu"),
    (3, r"PP|Peraturan Pemerintah"),
    (4, r"Perpres|Keppres|Peraturan Presiden"),
    (5, r"Permen\w*|Kepmen\w*|Peraturan (Menteri|Badan|BKN|Kepala)|PermenPANRB|Permendagri|Kepmendagri"),
    (6, r"Perda|Peraturan Daerah"),
    (7, r"Perwali|Perwal|Perbup|Peraturan (Wali Kota|Bupati)"),
)
LOWEST = 8  # decrees and the city's own choices
GENERAL, OLD = "_umum", "_lama_"


@dataclass(frozen=True, slots=True)
class Branch:
    """One exception: when it holds (FEEL over its inputs), the header of its rule, the days on which it counts."""

    when: Scalar
    condition: Node
    header: Header
    effective: Effective
    level: int

    @property
    def rank(self) -> tuple[int, int, date]:
        """Sorts the strongest first (dates are compared apart, later first)."""
        return (self.level, -_conditions(self.condition), date.max - (self.header.effective.first - date.min))


def level(header: Header) -> int:
    """The highest instrument that a rule cites: 1 constitution … 7 mayor's regulation, 8 anything below."""
    cited = header.root.get("authority")
    found = [LOWEST]
    for item in cited.items if isinstance(cited, ListNode) else ():
        instrument = text(item.get("instrument")) if isinstance(item, MapNode) else ""
        found += [number for number, pattern in _LEVELS if re.match(rf"({pattern})\b", instrument)]
    return min(found)


def _conditions(node: Node) -> int:
    return _conditions(node.left) + _conditions(node.right) if isinstance(node, Logic) and node.operator == "and" else 1


def expand(headers: dict[str, list[Header]], report: Report) -> dict[str, list[Header]]:
    """The headers with exceptions and transitional clauses written out. Headers come and go by ascending first day."""
    branches: dict[str, list[Branch]] = {}
    for versions in headers.values():
        for header in versions:
            target = header.root.get("exception_to")
            if isinstance(target, Scalar):
                branch = _exception(header, target, headers, report)
                if branch is not None:
                    branches.setdefault(target.text, []).append(branch)
    result = dict(headers)
    for name, versions in headers.items():
        old = _transitional(name, versions, report)
        own = [*branches.get(name, []), *old]
        if own and _possible(versions, own, report):
            result.update(_written_out(name, versions, own, report))
    return result


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _exception(header: Header, target: Scalar, headers: dict[str, list[Header]], report: Report) -> Branch | None:
    when = header.root.get("when")
    if target.text not in headers or target.text == header.name:
        report.add(
            "R020",
            target.place,
            near=(target.text, headers),
            name=target.text,
            remedy_id="sebut keputusan umum yang dikecualikan",
            remedy_en="name the general decision",
        )
        return None
    if not isinstance(when, Scalar):
        report.add("R005", header.place, key="when", doc="FEEL: kapan pengecualian berlaku")
        return None
    return _branch(when, header, header.inputs, header.effective, report)


def _branch(when: Scalar, header: Header, known: Sequence[str], effective: Effective, report: Report) -> Branch | None:
    """known: the inputs that the condition may read."""
    condition = read_expression(when, known, report)
    if condition is None:
        return None
    for use in uses(condition):
        if use.name not in known and use.call is None:
            report.add(
                "R020",
                when.at(use.span.start),
                near=(use.name, known),
                name=use.name,
                remedy_id=f"tambahkan {use.name} pada inputs",
                remedy_en=f"add {use.name} to inputs",
            )
            return None
    return Branch(when, condition, header, effective, level(header))


def _transitional(name: str, versions: Sequence[Header], report: Report) -> list[Branch]:
    """`transitional: {when, until}` of a version: the version before goes on for those cases until that day."""
    found: list[Branch] = []
    for position, header in enumerate(versions):
        node = header.root.get("transitional")
        if not isinstance(node, MapNode):
            continue
        until, when = day(node.get("until")), node.get("when")
        if position == 0 or until is None or not isinstance(when, Scalar) or until < header.effective.first:
            why = (
                ("tidak ada versi sebelumnya", "there is no version before")
                if position == 0
                else ("hari terakhirnya", "its last day")
            )
            _impossible(name, node.place, *why, report)
            continue
        first = header.effective.first
        before = replace(
            versions[position - 1],
            name=f"{name}{OLD}{first:%Y%m%d}",
            effective=Effective(versions[position - 1].effective.first, until),
        )
        known = tuple(dict.fromkeys((*header.inputs, *before.inputs)))  # who came before the new rule, only that rule may ask
        branch = _branch(when, before, known, Effective(first, until), report)
        if branch is not None:
            found.append(replace(branch, level=0))  # a transitional clause settles its cases before any exception
    return found


def _possible(versions: Sequence[Header], branches: Sequence[Branch], report: Report) -> bool:
    """Exceptions have the general rule's outputs and items."""
    whole = True
    general = versions[-1]
    for branch in branches:
        header = branch.header
        if {o.name for o in header.outputs} != {o.name for o in general.outputs} or header.for_each != general.for_each:
            _impossible(header.name, header.place, "keluaran atau for_each berbeda", "outputs or for_each differ", report)
            whole = False
    for position, first in enumerate(branches):
        for second in branches[position + 1 :]:
            overlap = max(first.effective.first, second.effective.first)
            if first.rank == second.rank and first.effective.holds(overlap) and second.effective.holds(overlap):
                _impossible(
                    second.header.name,
                    second.header.place,
                    f"setingkat dengan {first.header.name}",
                    f"of equal rank with {first.header.name}",
                    report,
                )
                whole = False
    return whole


def _impossible(name: str, place: Place, why_id: str, why_en: str, report: Report) -> None:
    report.add("R029", place, name=name, why_id=why_id, why_en=why_en)


# ── writing out ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _written_out(name: str, versions: Sequence[Header], branches: Sequence[Branch], report: Report) -> dict[str, list[Header]]:
    """G as formulas by spans of days; G_umum with the versions as they were; G_lama with the one before each transition.

    A formula calls by the inputs of one version: earlier versions with other inputs go on as G_umum_<their first day>.
    """
    result: dict[str, list[Header]] = {name: []}
    names = [_general(name, version, versions[-1]) for version in versions]
    for general, version in zip(names, versions, strict=True):
        result.setdefault(general, []).append(replace(version, name=general))
    for branch in branches:
        if branch.header.name.startswith(f"{name}{OLD}"):
            result.setdefault(branch.header.name, []).append(branch.header)
    for general, version in zip(names, versions, strict=True):
        for effective in _spans(version.effective, [branch.effective for branch in branches]):
            holding = sorted((b for b in branches if b.effective.holds(effective.first)), key=lambda b: b.rank)
            result[name].append(_formula(version, general, effective, holding, report))
    return result


def _general(name: str, version: Header, latest: Header) -> str:
    return name + GENERAL + ("" if version.inputs == latest.inputs else f"_{version.effective.first:%Y%m%d}")


def _spans(whole: Effective, others: Iterable[Effective]) -> Iterator[Effective]:
    """The days of a version, cut where an exception begins or ends."""
    cuts = {whole.first}
    for other in others:
        cuts |= {other.first} | ({other.last + timedelta(days=1)} if other.last is not None else set())
    marks = sorted(cut for cut in cuts if whole.holds(cut))
    for position, first in enumerate(marks):
        last = marks[position + 1] - timedelta(days=1) if position + 1 < len(marks) else whole.last
        yield Effective(first, last, whole.review_by if last == whole.last else None)


def _formula(version: Header, general: str, effective: Effective, holding: Sequence[Branch], report: Report) -> Header:
    place = version.place
    inputs: dict[str, Tree] = {}
    for header in (version, *(branch.header for branch in holding)):
        for name, source in _named_inputs(header):
            known = inputs.setdefault(name, source)
            if _spelt(known) != _spelt(source):
                report.add(
                    "R022",
                    header.place,
                    name=name,
                    first_id=f"masukan {version.name}",
                    second_id=f"masukan {header.name}",
                    first_en=f"an input of {version.name}",
                    second_en=f"an input of {header.name}",
                )
    steps = []
    for output in version.outputs:
        formula = f"{general}({', '.join(version.inputs)}).{output.name}"
        for branch in reversed(holding):
            call = f"{branch.header.name}({', '.join(branch.header.inputs)}).{output.name}"
            formula = f"if ({branch.when.text.strip()}) then {call} else {formula}"
        steps.append(Entry(Scalar(output.name, place), Scalar(formula, place, "quoted")))
    kept = [entry for entry in version.root.entries if entry.key.text in ("title", "decision", "for_each", "outputs", "note")]
    made: dict[str, Tree] = {
        "authority": _authority((version, *(branch.header for branch in holding)), place),
        "inputs": MapNode(tuple(Entry(Scalar(name, place), source) for name, source in inputs.items()), place),
        "steps": MapNode(tuple(steps), place),
    }
    root = MapNode((*kept, *(Entry(Scalar(key, place), value) for key, value in made.items())), place)
    return replace(version, inputs=tuple(inputs), effective=effective, root=root)


def _authority(headers: Iterable[Header], place: Place) -> ListNode:
    found: list[Tree] = []
    for header in headers:
        cited = header.root.get("authority")
        found += [item for item in (cited.items if isinstance(cited, ListNode) else ()) if _spelt(item) not in map(_spelt, found)]
    return ListNode(tuple(found), place)


def _named_inputs(header: Header) -> Iterator[tuple[str, Tree]]:
    node = header.root.get("inputs")
    if isinstance(node, MapNode):
        yield from node.items()
    elif isinstance(node, ListNode):
        yield from ((item.text, Scalar("", item.place)) for item in node.items if isinstance(item, Scalar))


def _spelt(node: Tree) -> object:
    """What a tree says, without places."""
    if isinstance(node, MapNode):
        return tuple(sorted((key, _spelt(value)) for key, value in node.items()))
    if isinstance(node, ListNode):
        return tuple(_spelt(item) for item in node.items)
    return node.text.strip()
