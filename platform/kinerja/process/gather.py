"""The files of a process as they lie in a folder, with the name of each as people typed it. What cannot be read is a finding.

A file that is missing, no text, too large or of another encoding is reported like anything else that is wrong with a process:
by code, with its remedy, and with exit status 1. A neighbour that cannot be read matters only to a process that calls it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ..core.errors import InputError, Place
from ..core.exactjson import read_text
from ..policy.diagnostics import Diagnostic
from .catalogue import Report
from .source import read_source
from .wordfile import WORDS_FILE
from .xmlsafe import MAX_BYTES

PROCESS_FILE = "process.bpmn"
MAX_FILES = 200
_CODES = {"bukan_utf8": "P003", "berkas_terlalu_besar": "P003"}
"""Why a file was not read → its diagnostic; P009 for every other reason."""


@dataclass(slots=True)
class Gathered:
    """name: the process. files: "<process>/<file>" → text; shown: the same keys → path as given; unread: what could not be read."""

    name: str
    files: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    unread: dict[str, Diagnostic] = field(default_factory=dict)

    def take(self, key: str, path: Path) -> None:
        self.shown[key] = str(path)
        try:
            self.files[key] = read_text(path, max_bytes=MAX_BYTES)
        except InputError as error:
            self.unread[key] = _finding(error, path)

    def take_folder(self, name: str, folder: Path) -> None:
        for pattern in ("forms/*.yaml", "letters/*.html", WORDS_FILE):
            for path in sorted(folder.glob(pattern))[:MAX_FILES]:
                self.take(f"{name}/{path.relative_to(folder).as_posix()}", path)


def gather(path: Path) -> Gathered:
    """A process folder or a single .bpmn file, with the processes beside it that it may call.

    A file that is not called process.bpmn (fresh from an editor) is judged under its own process id, with forms/ beside it.
    """
    file = path / PROCESS_FILE if path.is_dir() else path
    found = Gathered(file.absolute().parent.name)
    if file.name != PROCESS_FILE:
        found.name = _own_id(file) or found.name
    found.take(f"{found.name}/{PROCESS_FILE}", file)
    if found.unread:
        return found
    found.take_folder(found.name, file.parent)
    for other in sorted(file.absolute().parent.parent.iterdir()) if file.name == PROCESS_FILE else ():
        if other.name != found.name and (other / PROCESS_FILE).is_file():
            beside = file.parent.parent / other.name
            found.take(f"{other.name}/{PROCESS_FILE}", beside / PROCESS_FILE)
            found.take_folder(other.name, beside)
    return found


def _own_id(file: Path) -> str:
    try:
        source = read_source(read_text(file, max_bytes=MAX_BYTES), str(file), Report())
    except InputError:
        return ""
    return source.id if source else ""


def _finding(error: InputError, path: Path) -> Diagnostic:
    report = Report()
    report.add(
        _CODES.get(error.code, "P009"),
        error.place or Place(str(path)),
        what_id=error.text_id, what_en=error.text_en, remedy_id=error.remedy_id, remedy_en=error.remedy_en,
    )  # fmt: skip
    return report.sorted()[0]
