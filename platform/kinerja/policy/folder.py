"""A folder of rule files → trees by kind. Decides which files are read, in an order that does not depend on the disk."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ..core.errors import InputError, Place
from ..core.exactjson import read_text
from .assemble.grid import SIDECARS, Grid, parse_cells, parse_csv, parse_grid, safe_sidecar, sidecar_name
from .diagnostics import Report
from .kinds import FOLDERS, KINDS
from .shapes import validate
from .source import MAX_BYTES, MapNode, Scalar, read_file

VOCABULARY = "vocabulary.yaml"
MOST_FILES = 2000


@dataclass(slots=True)
class Folder:
    """What was read: trees by kind, in order of file name; sha256 of every file; names of parts that could not be read."""

    root: Path
    vocabulary: MapNode | None = None
    trees: dict[str, list[MapNode]] = field(
        default_factory=lambda: {"parameter": [], "standard": [], "decision": [], "reaction": []}
    )
    sources: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def grid(self, table: Scalar, report: Report) -> Grid | None:
        """The grid of a `table:`, from its block or from the CSV beside the rule file."""
        name = sidecar_name(table)
        if name is None:
            return parse_grid(table, report)
        if not safe_sidecar(name):
            report.add(
                "R001",
                table.place,
                what_id=f"tabel “{name}” di luar folder aturan",
                what_en=f'table "{name}" is outside the folder',
            )
            return None
        file = str(PurePosixPath(table.place.file).parent / name)
        if file.endswith(".xlsx"):
            return self._sheet(file, table.place, report)
        try:
            content = read_text(self.root / file, max_bytes=MAX_BYTES)
        except InputError as error:
            report.add("R001", table.place, what_id=f"{name}: {error.text_id}", what_en=f"{name}: {error.text_en}")
            return None
        self.sources[file] = hashlib.sha256(content.encode()).hexdigest()
        return parse_csv(content, file, report)

    def _sheet(self, file: str, place: Place, report: Report) -> Grid | None:
        """The first sheet of a workbook."""
        from .sheets.read import read_cells  # a library that only workbooks need

        path = self.root / file
        try:
            cells = read_cells(path)
        except InputError as error:
            report.add("R001", place, what_id=f"{file}: {error.text_id}", what_en=f"{file}: {error.text_en}")
            return None
        self.sources[file] = hashlib.sha256(path.read_bytes()).hexdigest()
        return parse_cells(cells, file, report)


def read_folder(root: Path, report: Report) -> Folder:
    """Read every rule file of a folder; faults are in the report."""
    folder = Folder(root)
    if not root.is_dir():
        report.add("R001", Place(str(root)), what_id="folder aturan tidak ada", what_en="there is no such folder of rules")
        return folder
    vocabulary = _tree(root / VOCABULARY, VOCABULARY, "vocabulary", folder, report)
    folder.vocabulary = vocabulary
    files = sorted(path for path in root.rglob("*") if not path.is_dir() and not _hidden(path.relative_to(root)))
    if len(files) > MOST_FILES:
        report.add("R008", Place(str(root)), what_id=f"lebih dari {MOST_FILES} berkas", what_en=f"more than {MOST_FILES} files")
        return folder
    for path in files:
        file = path.relative_to(root).as_posix()
        kind = FOLDERS.get(file.split("/", 1)[0]) if "/" in file else None
        if file == VOCABULARY or path.suffix in (*SIDECARS, ".md"):
            continue
        if kind is None or path.suffix != ".yaml":
            why = (
                ("folder itu bukan folder aturan", "its folder holds no rules")
                if kind is None
                else ("akhirannya bukan .yaml", "it does not end in .yaml")
            )
            report.add("R009", Place(file), name=path.name, why_id=why[0], why_en=why[1])
            continue
        if (fault := _unfit(path, root)) is not None:
            report.add("R001", Place(file), what_id=fault[0], what_en=fault[1])
            folder.broken.add(path.stem)
            continue
        tree = _tree(path, file, kind, folder, report)
        if tree is None:
            folder.broken.add(path.stem)
        else:
            folder.trees[kind].append(tree)
    return folder


def _unfit(path: Path, root: Path) -> tuple[str, str] | None:
    """Why a rule file is not opened: a link out of the folder could show what is not ours, a pipe would never end."""
    if not path.resolve().is_relative_to(root.resolve()):
        return "berkas ini menunjuk ke luar folder aturan", "the file points out of the folder of rules"
    if path.exists() and not path.is_file():
        return "ini bukan berkas biasa", "this is no ordinary file"
    return None


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part.endswith("~") for part in path.parts)


def _tree(path: Path, file: str, kind: str, folder: Folder, report: Report) -> MapNode | None:
    source = read_file(path, file, report)
    if source.sha256:
        folder.sources[file] = source.sha256
    if source.root is None:
        return None
    validate(source.root, KINDS[kind], report)
    return source.root if isinstance(source.root, MapNode) else None
