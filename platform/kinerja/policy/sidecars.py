"""Rule files as texts alone, for keeping: a table in a workbook beside its file becomes a CSV, and the file names that."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ..core.errors import InputError
from .assemble.grid import safe_sidecar

_TABLE = re.compile(r"""^(table:\s*)(["']?)([^"'\n|]+\.xlsx)\2[ \t]*(?=#|$)""", re.MULTILINE)


def as_texts(root: Path, files: Mapping[str, str]) -> dict[str, str]:
    """`files` (relative name → text) of a folder, with each workbook that a `table:` names as `<name>.csv` among them.

    A workbook that is missing or cannot be read is left for the check to name.
    """
    from .sheets.read import read_cells  # a library that only workbooks need

    found = dict(files)
    for file, text in files.items():
        match = _TABLE.search(text)
        if match is None or not safe_sidecar(match.group(3)):
            continue
        name = match.group(3).strip()
        try:
            cells = read_cells(root / PurePosixPath(file).parent / name)
        except InputError:
            continue
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator="\n").writerows(row for row in cells if any(row))
        found[str(PurePosixPath(file).parent / f"{name}.csv")] = written.getvalue()
        found[file] = text[: match.start()] + f"{match.group(1)}{name}.csv" + text[match.end() :]
    return found
