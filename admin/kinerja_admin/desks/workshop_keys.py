"""The keys that a rule file may hold, place by place, for whoever writes it as text: from the shapes that the checker uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kinerja.policy.folder import VOCABULARY
from kinerja.policy.kinds import FOLDERS, KINDS
from kinerja.policy.shapes import Either, Flag, ListOf, MapOf, Record, Shape, Text

ANY = "*"


@dataclass(frozen=True, slots=True)
class KeyLine:
    """doc: as the schema says it, in English. choices: the only values allowed, () for free ones."""

    name: str
    doc: str
    required: bool
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """path: the keys above ("" at the top, "outputs.*" for each output; lists are no step)."""

    path: str
    keys: tuple[KeyLine, ...]


def kind_of(file: str) -> str:
    """The kind of a rule file by where it lies, "" for others."""
    return "vocabulary" if file == VOCABULARY else FOLDERS.get(file.split("/", 1)[0], "") if "/" in file else ""


@cache
def key_groups(kind: str) -> tuple[KeyGroup, ...]:
    """Every place of a kind of file that has keys, outermost first; () for a kind that is none."""
    if kind not in KINDS:
        return ()
    merged: dict[str, dict[str, KeyLine]] = {}
    for path, record in _records(KINDS[kind], ()):
        known = merged.setdefault(path, {})
        for name, key in record.keys.items():
            known.setdefault(name, KeyLine(name, key.doc, key.required, _choices(key.shape)))
    return tuple(KeyGroup(path, tuple(keys.values())) for path, keys in merged.items())


def _records(shape: Shape, path: tuple[str, ...]) -> Iterator[tuple[str, Record]]:
    match shape:
        case Record(keys):
            yield ".".join(path), shape
            for name, key in keys.items():
                yield from _records(key.shape, (*path, name))
        case MapOf(value, _):
            yield from _records(value, (*path, ANY))
        case ListOf(item, _):
            yield from _records(item, path)
        case Either(options):
            for option in options:
                yield from _records(option, path)
        case _:
            return


def _choices(shape: Shape) -> tuple[str, ...]:
    match shape:
        case Text(choices, _):
            return choices
        case Flag(also):
            return ("true", "false", *also)
        case _:
            return ()
