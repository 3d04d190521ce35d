"""The files of a draft: made, copied, renamed, taken out; and who would miss one."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ...core.errors import ConflictError, InputError
from ...policy import Policy
from ...policy.folder import VOCABULARY
from ...policy.kinds import FOLDERS
from ...policy.model import Base
from ...policy.skeletons import skeleton
from ...policy.usage import Usage, where_used
from ..context import Context
from .drafts import Draft, mine, unchanged, write

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\Z", re.ASCII)
_OWN = re.compile(r"^(decision|parameter|standard|reaction):[ \t]*([a-z][a-z0-9_]*)[ \t]*$", re.MULTILINE)


def create(context: Context, folder: str, name: str, title: str, source: str = "") -> str:
    """A new rule file in the draft, from the skeleton of its kind; its name in the draft. source: a decision's first input."""
    draft = mine(context)
    file = _free(draft, folder, name)
    if not title.strip():
        raise InputError("judul_kosong", "tulis judulnya", "write its title")
    kind = FOLDERS[folder]
    basis = f"Kebijakan {context.city.settings.city}"
    text = skeleton(kind, name, title.strip(), basis, context.city.today(), source if kind == "decision" else "")
    write(draft, file, text)
    return file


def copy(context: Context, file: str, name: str) -> str:
    """The same file under another name in its folder; what it defines takes the new name too, where it had the old one."""
    draft = mine(context)
    text = draft.text(file)
    target = _free(draft, _folder(file), name)
    write(draft, target, _renamed(text, file, name))
    return target


def rename(context: Context, file: str, name: str, version: str) -> str:
    """Give a file another name, and what it defines with it. What uses the old name is told by the check."""
    draft = mine(context)
    text = draft.text(file)
    target = _free(draft, _folder(file), name)
    unchanged(text, version)
    write(draft, target, _renamed(text, file, name))
    (draft.folder / file).unlink()
    return target


def delete(context: Context, file: str, version: str) -> None:
    """Take a file out of the draft. The vocabulary stays."""
    draft = mine(context)
    text = draft.text(file)
    _folder(file)
    unchanged(text, version)
    (draft.folder / file).unlink()


def restore(context: Context, file: str, text: str) -> None:
    """Bring a file back as the release has it."""
    write(mine(context), file, text)


def uses(policy: Policy | None, text: str) -> tuple[Usage, ...]:
    """Who uses what a rule file defines: the decisions that would miss it."""
    found = _OWN.search(text)
    if policy is None or found is None:
        return ()
    kind, name = found.groups()
    if kind not in ("decision", "parameter"):
        return ()
    try:
        used = where_used(policy, name)
    except InputError:  # a name that the rules do not know is used by nobody
        return ()
    return tuple(one for one in used if one.decision != name)


def sources(policy: Policy | None) -> tuple[str, ...]:
    """What a new decision may read: the facts of a case, and what decisions on cases answer; no lists."""
    if policy is None:
        return ()
    facts = [
        f"{entity.name}.{fact.name}"
        for entity in policy.vocabulary.entities.values()
        if entity.of is None
        for fact in entity.facts.values()
        if not fact.type.is_list and fact.type.base in (Base.NUMBER, Base.TEXT, Base.BOOLEAN, Base.DATE)
    ]
    outputs = [
        f"{name}.{output.name}"
        for name in policy.order
        if not policy.decisions[name][-1].for_each
        for output in policy.decisions[name][-1].outputs
        if not output.type.is_list
    ]
    return (*facts, *outputs)


def _folder(file: str) -> str:
    folder = file.split("/", 1)[0] if "/" in file else ""
    if file == VOCABULARY or folder not in FOLDERS:
        raise InputError(
            "berkas_tetap",
            f"“{file}” selalu ada dan tidak berganti nama",
            f'"{file}" is always there and keeps its name',
        )
    return folder


def _free(draft: Draft, folder: str, name: str) -> str:
    if folder not in FOLDERS:
        raise InputError("folder_tidak_dikenal", f"“{folder}” bukan folder aturan", f'"{folder}" is no folder of rules')
    if not _NAME.match(name):
        raise InputError(
            "nama_berkas_tidak_sah",
            f"nama “{name[:80]}” tidak sah",
            f'"{name[:80]}" is not a legal name',
            remedy_id="pakai huruf kecil, angka dan garis bawah; mulai dengan huruf",
            remedy_en="use lower-case letters, digits and underscores; begin with a letter",
        )
    file = f"{folder}/{name}.yaml"
    if file in draft.files:
        raise ConflictError(
            "berkas_sudah_ada",
            f"berkas “{file}” sudah ada",
            f'there is a file "{file}" already',
            remedy_id="pilih nama lain",
            remedy_en="choose another name",
        )
    return file


def _renamed(text: str, file: str, name: str) -> str:
    old = PurePosixPath(file).stem

    def other(found: re.Match[str]) -> str:
        return f"{found[1]}: {name}" if found[2] == old else found[0]

    return _OWN.sub(other, text, count=1)
