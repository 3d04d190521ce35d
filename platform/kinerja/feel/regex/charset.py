"""Sets of characters: literal characters, ranges, Unicode categories and blocks, and what can be made of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from .blocks import BLOCKS

CharSet = Callable[[str], bool]

SINGLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", **{character: character for character in "\\|.-^?*+{}()[]$"}}
_CATEGORIES = (
    frozenset(["L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No"])
    | frozenset(["P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp"])
    | frozenset(["S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn"])
)


def _cases(character: str) -> frozenset[str]:
    return frozenset([character, character.lower(), character.upper(), character.lower().upper(), character.upper().lower()])


def one(character: str, ignore_case: bool) -> CharSet:
    if ignore_case:
        variants = _cases(character)
        return lambda other: not variants.isdisjoint(_cases(other))
    return character.__eq__  # always handed a str, so never NotImplemented


def range_of(low: str, high: str, ignore_case: bool) -> CharSet:
    if ignore_case:
        return lambda character: any(low <= variant <= high for variant in _cases(character) if len(variant) == 1)
    return lambda character: low <= character <= high


def any_of(sets: Sequence[CharSet]) -> CharSet:
    if len(sets) == 1:
        return sets[0]
    return lambda character: any(contains(character) for contains in sets)


def negated(set_: CharSet) -> CharSet:
    return lambda character: not set_(character)


def subtract(set_: CharSet, removed: CharSet) -> CharSet:
    return lambda character: set_(character) and not removed(character)


def category(name: str) -> CharSet | None:
    """\\p{…}: a general category (`Lu`, `L`) or a block (`IsBasicLatin`); None for an unknown name."""
    if name in _CATEGORIES:
        return lambda character: unicodedata.category(character).startswith(name)
    if name.startswith("Is") and name[2:] in BLOCKS:
        first, last = BLOCKS[name[2:]]
        return lambda character: first <= ord(character) <= last
    return None


def _name_start(character: str) -> bool:
    return character in "_:" or unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lo", "Lm", "Nl")


def _name_part(character: str) -> bool:
    return _name_start(character) or character in "-.\u00b7" or unicodedata.category(character) in ("Mc", "Me", "Mn", "Nd")


def _word(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _space(character: str) -> bool:
    return character in " \t\n\r"


def _digit(character: str) -> bool:
    return unicodedata.category(character) == "Nd"


_CLASSES: dict[str, CharSet] = {"s": _space, "d": _digit, "w": _word, "i": _name_start, "c": _name_part}
CLASS_ESCAPES: dict[str, CharSet] = {**_CLASSES, **{name.upper(): negated(set_) for name, set_ in _CLASSES.items()}}
