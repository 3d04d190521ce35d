"""Rule files → one frozen Policy: runs the passes in order and gathers all they find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from ..core.errors import Place
from .assemble.decisions import build_decision
from .assemble.exceptions import expand
from .assemble.parameters import build_parameter
from .assemble.reactions import build_reaction
from .assemble.registry import Registry, read_header
from .assemble.standards import build_standard
from .assemble.vocabulary import build_vocabulary
from .bands import check_bands
from .check.cases import check_cases
from .check.dates import check_calendar, check_versions
from .check.graph import check_goals, check_monotone, order
from .check.standards import check_standards
from .check.use import check_use
from .diagnostics import Diagnostic, Report, Severity, findings_error
from .fingerprint import fingerprint
from .folder import VOCABULARY, Folder, read_folder
from .model import BindingKind, Decision, Parameter, Policy
from .reactions import Reaction
from .shapes import text


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found. policy is None when there is an error among the diagnostics."""

    policy: Policy | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)


def load_policy(root: Path) -> Policy:
    """The policy of a folder; raises FindingsError(`aturan_bermasalah`) with the first error's place when it has any."""
    report = check_policy(root)
    if report.policy is None:
        raise findings_error(located(root, report.diagnostics))
    return report.policy


def located(root: Path, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The same diagnostics with places that a terminal can open: the folder before the file."""

    def whole(place: Place) -> Place:
        return place if place.file == str(root) else Place(str(root / place.file), place.line, place.column)

    return tuple(replace(one, place=whole(one.place)) for one in found)


def check_policy(root: Path, today: date | None = None) -> CheckReport:
    """All that is wrong with the rule files of a folder; the policy when nothing is. `today` switches on the calendar alarms."""
    report = Report()
    folder = read_folder(root, report)
    policy = _compile(folder, today, report) if folder.vocabulary is not None else None
    return CheckReport(None if report.has_errors else policy, report.sorted())


def _compile(folder: Folder, today: date | None, report: Report) -> Policy | None:
    if folder.vocabulary is None:
        return None
    vocabulary = build_vocabulary(folder.vocabulary, report, folder.broken)
    parameters = _parameters(folder, report)
    standards = tuple(s for tree in folder.trees["standard"] if (s := build_standard(tree, report)) is not None)
    standards = tuple(sorted(standards, key=lambda s: (s.name, s.effective.first)))
    check_standards(standards, report)
    registry = Registry(vocabulary, parameters, broken=folder.broken)
    decisions = _decisions(folder, registry, report)
    in_order = order(decisions, report)
    check_goals(vocabulary, decisions, Place(VOCABULARY, folder.vocabulary.place_of("goals").line), folder.broken, report)
    check_monotone(decisions, folder.broken, report)
    reactions = _reactions(folder, report)
    check_cases(vocabulary, _whole(decisions, registry), reactions, report)
    if report.has_errors:  # what is unused cannot be told while parts are missing
        return None
    check_use(vocabulary, parameters, decisions, report)
    if today is not None:
        check_calendar(parameters.values(), standards, decisions.values(), today, report)
    policy = Policy(
        text(folder.vocabulary.get("title"), "aturan"),
        vocabulary,
        parameters,
        standards,
        decisions,
        in_order,
        fingerprint(vocabulary, parameters, standards, decisions, reactions),
        dict(sorted(folder.sources.items())),
        reactions,
    )
    check_bands(policy, report)
    return policy


def _parameters(folder: Folder, report: Report) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for tree in folder.trees["parameter"]:
        name = text(tree.get("parameter"))
        parameter = build_parameter(tree, report)
        if parameter is None:
            folder.broken.add(name)
        elif name in found:
            report.add("R027", parameter.place, name=name, other=str(found[name].place))
        else:
            check_versions(name, [(value.effective, value.place) for value in parameter.values], report)
            found[name] = parameter
    return dict(sorted(found.items()))


def _reactions(folder: Folder, report: Report) -> tuple[Reaction, ...]:
    found: dict[str, Reaction] = {}
    for tree in folder.trees["reaction"]:
        reaction = build_reaction(tree, report)
        if reaction is None:
            continue
        if reaction.name in found:
            report.add("R027", reaction.place, name=reaction.name, other=str(found[reaction.name].place))
        found.setdefault(reaction.name, reaction)
    return tuple(found[name] for name in sorted(found))


def _decisions(folder: Folder, registry: Registry, report: Report) -> dict[str, tuple[Decision, ...]]:
    for tree in folder.trees["decision"]:
        header = read_header(tree, report)
        if header is None:
            folder.broken.add(PurePosixPath(tree.place.file).stem)
            continue
        registry.headers.setdefault(header.name, []).append(header)
        if header.name in registry.parameters or header.name in registry.vocabulary.entities:
            is_parameter = header.name in registry.parameters
            second = ("parameter", "a parameter") if is_parameter else ("entitas", "an entity")
            report.add("R022", header.place, name=header.name, first_id="keputusan", first_en="a decision",
                       second_id=second[0], second_en=second[1])  # fmt: skip
    for headers in registry.headers.values():
        headers.sort(key=lambda header: header.effective.first)
    registry.headers = expand(registry.headers, report)
    for name, headers in registry.headers.items():
        check_versions(name, [(header.effective, header.place) for header in headers], report)
        for header in headers[:-1]:
            _match(name, header.for_each == headers[-1].for_each,
                   {o.name for o in header.outputs} == {o.name for o in headers[-1].outputs}, header.place, report)  # fmt: skip
    found: dict[str, list[Decision]] = {}
    for name in sorted(registry.headers):
        for header in registry.headers[name]:
            decision = build_decision(header, registry, folder.grid, report)
            if decision is None:
                folder.broken.add(name)
            else:
                found.setdefault(name, []).append(decision)
    return {name: tuple(versions) for name, versions in found.items()}


def _whole(decisions: dict[str, tuple[Decision, ...]], registry: Registry) -> dict[str, tuple[Decision, ...]]:
    """Decisions whose inputs and outputs are all there, so that a worked case is not blamed for what stands above it."""
    headers = {header.place: header for versions in registry.headers.values() for header in versions}

    def whole(decision: Decision) -> bool:
        header = headers.get(decision.place)
        listed = header.root.get("outputs") if header else None
        return (
            header is not None
            and {given.name for given in decision.inputs} >= set(header.inputs)
            and len(decision.outputs) == len(getattr(listed, "entries", ()))
            and not (registry.broken and any(given.binding.kind is BindingKind.ITEMS for given in decision.inputs))
        )

    return {name: tuple(filter(whole, versions)) for name, versions in decisions.items()}


def _match(name: str, same_items: bool, same_outputs: bool, place: Place, report: Report) -> None:
    if not same_items:
        report.add("R028", place, name=name, why_id="“for_each” berbeda", why_en="`for_each` differs")
    if not same_outputs:
        report.add("R028", place, name=name, why_id="keluaran berbeda", why_en="outputs differ")
