"""Sets of text files as plain values: read from a folder for keeping, laid out again in a cache folder for reading."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from ..core.errors import InputError, Place
from ..core.exactjson import read_text

MAX_FILES = 2_000


def read_folder(folder: Path, suffixes: Iterable[str]) -> dict[str, str]:
    """Relative name → text of the files with these suffixes, sorted; InputError when the folder is missing or holds none."""
    wanted = tuple(suffixes)
    found = sorted(path for path in folder.rglob("*") if path.suffix in wanted and path.is_file() and not path.is_symlink())
    if not found or len(found) > MAX_FILES:
        raise InputError(
            "folder_kosong" if not found else "terlalu_banyak_berkas",
            "folder tidak ada atau tidak berisi berkas yang dapat dibaca" if not found else f"lebih dari {MAX_FILES} berkas",
            "the folder is missing or holds no file to read" if not found else f"more than {MAX_FILES} files",
            place=Place(str(folder)),
            remedy_id="periksa nama folder",
            remedy_en="check the folder's name",
        )
    return {path.relative_to(folder).as_posix(): read_text(path) for path in found}


def materialise(folder: Path, files: Mapping[str, str]) -> Path:
    """Lay files out below `folder` (once; a later call finds them there) and return it. Whole or not at all, also after a crash."""
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        root = Path(temporary) / "files"
        root.mkdir()
        for name, text in files.items():
            path = root / _safe(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="")
        try:
            os.rename(root, folder)
        except OSError:
            if not folder.is_dir():  # another process was first: then its copy is as good as ours
                raise
    return folder


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise InputError("nama_berkas_tidak_sah", f"nama berkas “{name}” tidak sah", f'illegal file name "{name}"')
    return path
