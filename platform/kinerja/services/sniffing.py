"""What kind of file bytes are: told by the bytes alone. Whatever a browser could run or render as a page is no kind at all."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Mapping

MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/plain; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
"""Kind → the type it is handed on as."""
ENDINGS: Mapping[str, str] = {kind: f".{'jpg' if kind == 'jpeg' else kind}" for kind in MEDIA_TYPES}
_SIGNS = ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"))
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_MACROS = ("vbaproject.bin", "vbadata.xml")
_MOST_PARTS = 2_000
_HEAD = 2_048
_DELIMITERS = ",;\t"


def kind_of(data: bytes) -> str | None:
    """The kind of a file, a key of MEDIA_TYPES; None for every other one, markup and macros among them."""
    for sign, kind in _SIGNS:
        if data.startswith(sign):
            return kind
    return _office(data) if data.startswith(b"PK\x03\x04") else _text(data)


def _office(data: bytes) -> str | None:
    """Names in the archive only; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [entry.filename for entry in archive.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return None
    if len(names) > _MOST_PARTS or any(name.lower().rpartition("/")[2] in _MACROS for name in names):
        return None
    return next((kind for name, kind in _OFFICE.items() if name in names and "[Content_Types].xml" in names), None)


def _text(data: bytes) -> str | None:
    """Plain text: whole UTF-8 without control characters, and nothing that reads as markup where a browser would look for it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if not text.strip() or any(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t" for sign in set(text)):
        return None
    head = text[:_HEAD].lstrip().lower()
    if head.startswith("<") or any(mark in head for mark in ("<!doctype", "<html", "<script", "<svg", "<?xml", "<iframe", "<body")):
        return None
    lines = text.splitlines()[:2]
    for sign in _DELIMITERS:
        if len(lines) > 1 and lines[0].count(sign) == lines[1].count(sign) > 0:
            return "csv"
    return "txt"
