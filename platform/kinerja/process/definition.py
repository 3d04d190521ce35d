"""From files to a `ProcessDefinition`: read the process, its forms and the processes it calls, check all of it, fix its version."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..core.errors import FindingsError, InputError, Place
from ..policy.diagnostics import Diagnostic, Severity
from .catalogue import Report
from .check import World, check_process
from .formfile import check_form
from .forms import Form, Text
from .gather import PROCESS_FILE, gather
from .model import HumanTaskDef, Node, ProcessDefinition, ProcessSource
from .source import read_source
from .terms import term_of
from .wordfile import WORDS_FILE, check_words

LATER = frozenset({"P018", "P036", "P046", "P067", "P076", "P077"})
"""Judged of files on their way in only: a version stored before these were known keeps running."""


@dataclass(frozen=True, slots=True, eq=False)
class CheckedProcess:
    """What a check found. definition: None when there is an error. source: the main process as far as it could be read."""

    definition: ProcessDefinition | None
    source: ProcessSource | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def names_decisions(self) -> bool:
        """Whether it names decisions of the rules: a second look, with their ids, then says whether they are there."""
        nodes = self.source.nodes.values() if self.source else ()
        forms = self.definition.forms.values() if self.definition else ()
        return any(node.attributes.get("decision", "kasus") != "kasus" for node in nodes) or any(
            field.decision for form in forms for field in form.fields.values()
        )

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(found for found in self.diagnostics if found.severity == "error")


def load_process(
    folder: Path,
    operations: Collection[str],
    decisions: Collection[str] | None = None,
    letters: Collection[str] | None = None,
    *,
    beside: Mapping[str, str] | None = None,
) -> ProcessDefinition:
    """The process of workflows/<name>/; raise FindingsError(`proses_bermasalah`) with every diagnostic in its details.

    operations: names that service tasks may call. decisions: ids that business rule tasks may name, None when not known. letters:
    kinds that `issue_letter` can write, likewise. beside: see `check_path`.
    """
    return _or_raise(check_path(folder, operations, decisions, letters, beside=beside), folder.name)


def build_process(
    name: str,
    files: Mapping[str, str],
    operations: Collection[str] | None = None,
    decisions: Collection[str] | None = None,
    letters: Collection[str] | None = None,
    *,
    fresh: bool = False,
) -> ProcessDefinition:
    """The same from stored files (`ProcessDefinition.files`): how a running case keeps the version it began with.

    Without `operations` their names are not judged; they were when the files were loaded. fresh: see `check_files`.
    """
    return _or_raise(check_files(name, files, operations, decisions, letters=letters, fresh=fresh), name)


def check_path(
    path: Path,
    operations: Collection[str] | None = None,
    decisions: Collection[str] | None = None,
    letters: Collection[str] | None = None,
    *,
    beside: Mapping[str, str] | None = None,
) -> CheckedProcess:
    """Check a process folder or a single .bpmn file, as `gather` finds it; one that cannot be read is a finding too.

    beside: files of processes that may be called and need not lie beside it.
    """
    found = gather(path)
    there = {name.split("/")[0] for name in found.shown}
    found.files = {name: text for name, text in (beside or {}).items() if name.split("/")[0] not in there} | found.files
    return _checked(found.name, found.files, World(operations, decisions, (), letters), found.shown, found.unread, fresh=True)


def check_files(
    name: str,
    files: Mapping[str, str],
    operations: Collection[str] | None = None,
    decisions: Collection[str] | None = None,
    shown: Mapping[str, str] | None = None,
    letters: Collection[str] | None = None,
    *,
    fresh: bool = False,
) -> CheckedProcess:
    """Check a process and every process it calls. shown: file → the name diagnostics give it (default: workflows/<file>).

    fresh: files on their way in, whose notices must have words; a version stored earlier keeps running without.
    """
    return _checked(name, files, World(operations, decisions, (), letters), shown or {}, {}, fresh=fresh)


def _checked(
    name: str,
    files: Mapping[str, str],
    world: World,
    shown: Mapping[str, str],
    unread: Mapping[str, Diagnostic],
    *,
    fresh: bool,
) -> CheckedProcess:
    known = {*files, *unread}
    processes = sorted(file.removesuffix(f"/{PROCESS_FILE}") for file in known if file.endswith(f"/{PROCESS_FILE}"))
    checker = _Checker(name, files, replace(world, processes=processes), shown, unread, fresh)
    checker.add(name, ())
    found = tuple(item for item in checker.report.sorted() if fresh or item.code not in LATER)
    source = checker.sources.get(name)
    sound = source is not None and not any(item.severity is Severity.ERROR for item in found)
    return CheckedProcess(checker.definition() if sound else None, source, found)


class _Checker:
    def __init__(
        self,
        main: str,
        files: Mapping[str, str],
        world: World,
        shown: Mapping[str, str],
        unread: Mapping[str, Diagnostic],
        fresh: bool,
    ) -> None:
        self.main, self.files, self.world, self.shown, self.unread, self.fresh = main, files, world, shown, unread, fresh
        self.words: dict[str, Text] = {}
        self.report = Report()
        self.sources: dict[str, ProcessSource] = {}
        self.forms: dict[str, dict[str, Form]] = {}
        self.used: list[str] = []

    def add(self, name: str, chain: tuple[str, ...]) -> None:
        if name in self.sources:
            return
        file = f"{name}/{PROCESS_FILE}"
        for key, finding in self.unread.items():
            if key.startswith(f"{name}/"):
                self.report.take(finding)
        if file in self.unread:
            return
        if file not in self.files:
            raise InputError(
                "proses_tidak_ada",
                f"tidak ada berkas {file}",
                f"there is no file {file}",
                place=Place(self.where(file)),
                remedy_id="periksa nama folder proses",
                remedy_en="check the process folder's name",
            )
        self.used.append(file)
        source = read_source(self.files[file], self.where(file), self.report)
        if source is None:
            return
        if source.id != name:
            self.report.add("P008", source.place, id=source.id, folder=name)
        for node in source.nodes.values():
            for other, earlier in self.sources.items():
                if node.kind == "userTask" and node.id in earlier.nodes:
                    self.report.add("P082", node.place, id=node.id, other=other)
        self.sources[name] = source
        self.forms[name] = self.read_forms(name)
        words = self.read_words(name)
        self.words |= {f"{name}/{template}": text for template, text in words.items()}
        world = replace(self.world, words=words) if self.fresh else self.world
        check_process(source, self.forms[name], world, self.report)
        named = {node.attributes.get("form", "") for node in source.nodes.values()}
        for form in self.forms[name].keys() - named:
            self.report.add("P055", self.forms[name][form].place, form=form)
        for node in source.nodes.values():
            if node.kind == "callActivity" and node.called in self.world.processes:
                if node.called in (*chain, name):
                    self.report.add("P081", node.place, chain=" → ".join((*chain, name, node.called)))
                else:
                    self.add(node.called, (*chain, name))

    def where(self, file: str) -> str:
        return self.shown.get(file, f"workflows/{file}")

    def read_words(self, name: str) -> Mapping[str, Text]:
        file = f"{name}/{WORDS_FILE}"
        if file not in self.files:
            return {}
        self.used.append(file)
        words, problems = check_words(self.files[file], self.where(file))
        for problem in problems:
            self.report.add("P065", problem.place or Place(self.where(file)), what_id=problem.text_id, what_en=problem.text_en)
        return words

    def read_forms(self, name: str) -> dict[str, Form]:
        """Forms by file name; an unreadable one counts as present, so that its own faults are told and not that it is missing."""
        forms: dict[str, Form] = {}
        prefix = f"{name}/forms/"
        for file in sorted(self.files):
            if not file.startswith(prefix):
                continue
            self.used.append(file)
            stem = file.removeprefix(prefix).removesuffix(".yaml")
            form, problems = check_form(self.files[file], self.where(file))
            for problem in problems:
                self.report.add("P054", problem.place or Place(self.where(file)), what_id=problem.text_id, what_en=problem.text_en)
            if form and form.name != stem:
                what = form.name, f"{stem}.yaml"
                self.report.add(
                    "P054",
                    form.place,
                    what_id=f"“form: {what[0]}” dalam berkas {what[1]}",
                    what_en=f'"form: {what[0]}" in the file {what[1]}',
                )
            forms[stem] = form or Form.unreadable(stem, Place(self.where(file)))
        for file in self.unread:
            if file.startswith(prefix):
                stem = file.removeprefix(prefix).removesuffix(".yaml")
                forms[stem] = Form.unreadable(stem, Place(self.where(file)))
        return forms

    def definition(self) -> ProcessDefinition:
        name = self.main
        main = self.sources[name]
        folders = tuple(f"{other}/letters/" for other in self.sources)
        letters = [file for file in self.files if file.startswith(folders)]
        used = {file: self.files[file] for file in sorted({*self.used, *letters})}
        digest = hashlib.sha256()
        for file, text in used.items():
            digest.update(f"{file}\0{len(text)}\0{text}\0".encode())
        called = {other: source for other, source in self.sources.items() if other != name}
        tasks: dict[str, HumanTaskDef] = {}
        forms: dict[str, Form] = {}
        for process, source in self.sources.items():
            for node in _in_order(source):
                if node.kind == "userTask":
                    form = node.attributes["form"]
                    key = form if process == name else f"{process}/{form}"
                    tasks[node.id] = HumanTaskDef(
                        node.id,
                        node.name,
                        source.role_of(node.id),
                        key,
                        node.attributes.get("stage", ""),
                        node.documentation,
                        process,
                        tuple(node.attributes.get("separate", "").split()),
                        term_of(node),
                    )
                    forms[key] = self.forms[process][form]
        return ProcessDefinition(
            id=name,
            version=digest.hexdigest(),
            title=main.name,
            source=main.xml,
            main=main,
            called=called,
            tasks=tasks,
            forms=forms,
            files=used,
            words=self.words,
            notices=self.report.notices,
        )


def _in_order(source: ProcessSource) -> list[Node]:
    """Nodes from left to right as drawn, which is how people read them."""

    def position(node: Node) -> tuple[float, float]:
        shape = source.drawing.shapes.get(node.id)
        return (shape.box.x, shape.box.y) if shape else (0.0, 0.0)

    return sorted(source.nodes.values(), key=position)


def _or_raise(checked: CheckedProcess, name: str) -> ProcessDefinition:
    if checked.definition is not None:
        return checked.definition
    first = checked.errors[0]
    more = len(checked.errors) - 1
    raise FindingsError(
        "proses_bermasalah",
        f"{first.code} {first.text_id}" + (f" (dan {more} galat lain)" if more else ""),
        f"{first.code} {first.text_en}" + (f" (and {more} more errors)" if more else ""),
        place=first.place,
        remedy_id=first.remedy_id,
        remedy_en=first.remedy_en,
        process=name,
        diagnostics=[found.as_json() for found in checked.errors],
    )
