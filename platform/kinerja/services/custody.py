"""Evidence in the city's keeping: a file lies under its own sha256, never under a name that somebody gave it.

Records speak of a file as "sha256:<hex>", of a page as its https address, of paper in words. The bytes are written before the act
that names them is; what an act that fails leaves behind is a file that nothing names.
"""

from __future__ import annotations

import hashlib
import os
import re
import tarfile
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..core.errors import IncidentError, InputError
from ..core.exactjson import loads
from ..settings import Settings
from ..store import models as db
from ..store.queries import objects
from .context import Context
from .sniffing import ENDINGS, kind_of

PREFIX = "sha256:"
FILES = "evidence_files"
REFERENCE = re.compile(r"sha256:([0-9a-f]{64})")
LONGEST_TEXT = 300
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in. name: as its sender calls it; believed in nothing."""

    name: str
    data: bytes

    @property
    def reference(self) -> str:
        return PREFIX + hashlib.sha256(self.data).hexdigest()


Evidence = str | Upload
"""What people give: words, a link, "sha256:…" of a file of the same case, or a file."""


def check(settings: Settings, upload: Upload) -> str:
    """The kind of an upload that may be kept. Raises InputError(`bukti_kosong`, `bukti_terlalu_besar`, `jenis_bukti_ditolak`)."""
    if not upload.data:
        raise InputError("bukti_kosong", "berkas bukti ini kosong", "this evidence file is empty")
    if len(upload.data) > settings.evidence_bytes:
        most = settings.evidence_bytes // 1_000_000
        raise InputError(
            "bukti_terlalu_besar",
            f"berkas bukti paling besar {most} MB",
            f"an evidence file has at most {most} MB",
            remedy_id="kecilkan berkasnya, atau berikan tautannya",
            remedy_en="make it smaller, or give a link",
        )
    kind = kind_of(upload.data)
    if kind is None or kind not in settings.evidence_kinds:
        known = ", ".join(settings.evidence_kinds)
        raise InputError(
            "jenis_bukti_ditolak",
            f"isi berkas ini bukan {known}",
            f"the content of this file is none of {known}",
            remedy_id="simpan sebagai PDF, atau berikan tautannya",
            remedy_en="save it as PDF, or give a link",
        )
    return kind


def take(context: Context, case: Any, given: Evidence) -> str:
    """Evidence as records keep it, inside an act: a file is kept with the case, and answered by its reference.

    Raises what `check` raises; InputError(`bukti_tidak_ada`) for a reference to no file of this case, (`tautan_tidak_sah`) for an
    address that is not https or http, (`bukti_terlalu_panjang`).
    """
    if isinstance(given, str):
        return _words(case, given)
    kind = check(context.city.settings, given)
    digest = given.reference.removeprefix(PREFIX)
    store(context.city.settings.evidence, digest, given.data)
    at: datetime = context.city.clock.now()
    db.EvidenceFile.insert(
        case=case.id, sha256=digest, name=shown_name(given.name, kind), kind=kind, size=len(given.data), added_by=context.actor.id,
        added_name=context.actor.name, added_at=at,
    ).on_conflict_ignore().execute()  # fmt: skip
    return given.reference


def _words(case: Any, text: str) -> str:
    text = " ".join(text.split())
    if len(text) > LONGEST_TEXT:
        raise InputError("bukti_terlalu_panjang", f"paling banyak {LONGEST_TEXT} huruf", f"at most {LONGEST_TEXT} characters")
    scheme = re.match(r"([a-z][a-z0-9+.-]*)://", text, re.IGNORECASE)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise InputError(
            "tautan_tidak_sah",
            "tautan bukti dimulai dengan https:// atau http://",
            "a link begins with https:// or http://",
        )
    if text.startswith(PREFIX):
        found = REFERENCE.fullmatch(text)
        known = found and db.EvidenceFile.get_or_none(db.EvidenceFile.case == case.id, db.EvidenceFile.sha256 == found[1])
        if not known:
            raise InputError("bukti_tidak_ada", "berkas ini tidak ada pada kasus ini", "this case has no such file")
    return text


def store(folder: Path, digest: str, data: bytes) -> None:
    """Lay the bytes under their hash, whole or not at all; a file that is there already is left as it is when it is the same."""
    path = place(folder, digest)
    if _read(path) == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".baru-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)  # takes the place of a link or an altered file, never writes through it
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(folder: Path, digest: str) -> bytes:
    """The bytes of a file; IncidentError(`bukti_hilang`, `bukti_berubah`) when they are not those that were given."""
    data = _read(place(folder, digest))
    if data is None:
        raise IncidentError(
            "bukti_hilang", "berkas bukti ini tidak ada lagi di penyimpanan", "this evidence file is gone from the store"
        )
    if hashlib.sha256(data).hexdigest() != digest:
        raise IncidentError(
            "bukti_berubah", "isi berkas bukti ini bukan lagi yang diberikan", "this evidence file is not what was given"
        )
    return data


def place(folder: Path, digest: str) -> Path:
    """Where a file lies. digest: 64 hexadecimal digits, from the database or a checked address, never typed text."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise ValueError("not a sha256")
    return folder / digest[:2] / digest


def _read(path: Path) -> bytes | None:
    """None for what is no plain file; a symbolic link is not followed."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read()


def shown_name(name: str, kind: str) -> str:
    """A name to show and to download under: the last part, without what has a meaning to a system, its ending that of its kind."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if sign.isalnum() or sign in " ._-()")
    stem = " ".join(plain.split()).strip(" .")
    for ending in {*ENDINGS.values(), ".jpeg"}:
        stem = stem[: -len(ending)] if stem.lower().endswith(ending) else stem
    return (stem[:LONGEST_NAME].strip(" .") or "bukti") + ENDINGS[kind]


def worded(case_id: int, text: str) -> str:
    """Evidence as paper says it: a file by its name and the beginning of its hash, anything else as it stands."""
    found = REFERENCE.fullmatch(text)
    row: Any = found and db.EvidenceFile.get_or_none(db.EvidenceFile.case == case_id, db.EvidenceFile.sha256 == found[1])
    return f"berkas {row.name}, sha256 {row.sha256[:12]}" if row else text


def pack(settings: Settings, file: Path) -> int:
    """Write every file that the open store names into a tar archive, as it lies in the city's folder; how many there were.

    What is gone or altered is packed as it is found, or not at all: `troubles` says so before and after.
    """
    digests = sorted({row.sha256 for row in objects(db.EvidenceFile.select(db.EvidenceFile.sha256))})
    with tarfile.open(file, "x") as archive:
        for digest in digests:
            path = place(settings.evidence, digest)
            if path.is_file() and not path.is_symlink():
                archive.add(path, path.relative_to(settings.folder).as_posix(), recursive=False)
    return len(digests)


# ── does all of it still hold? ────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Trouble:
    """code: bukti_hilang, bukti_berubah, bukti_tak_tercatat (the ledger names a file that the store has no record of)."""

    code: str
    sha256: str
    case: int | None
    name: str


def troubles(settings: Settings) -> tuple[int, tuple[Trouble, ...]]:
    """How many files there are, and what is wrong with any: against the bytes, and against the ledger."""
    held: dict[str, Any] = {}
    for row in objects(db.EvidenceFile.select().order_by(db.EvidenceFile.id)):
        held.setdefault(row.sha256, row)
    found = [Trouble(code, digest, row.case_id, row.name) for digest, row in held.items() if (code := _state(settings, digest))]
    found += [Trouble("bukti_tak_tercatat", digest, case, "") for digest, case in named().items() if digest not in held]
    return len(held), tuple(found)


def _state(settings: Settings, digest: str) -> str:
    try:
        load(settings.evidence, digest)
    except IncidentError as error:
        return error.code
    return ""


def filed(*given: str) -> dict[str, Any]:
    """For a ledger entry: the files among these pieces of evidence, under the key by which `named` finds them; {} for none."""
    digests = [found[1] for text in given if (found := REFERENCE.fullmatch(text))]
    return {FILES: list(dict.fromkeys(digests))} if digests else {}


def named() -> Mapping[str, int | None]:
    """Files that the ledger names: sha256 → the first case that did."""
    found: dict[str, int | None] = {}
    table = db.LedgerEntry
    query = table.select(table.subject, table.payload).where(table.payload.contains(f'"{FILES}"')).order_by(table.seq)
    for entry in objects(query):
        kind, _, number = str(entry.subject).partition(":")
        listed = loads(entry.payload, file="ledger").get(FILES, ())
        for digest in listed:
            found.setdefault(str(digest), int(number) if kind == "case" and number.isdecimal() else None)
    return found
