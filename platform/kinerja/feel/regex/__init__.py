"""Regular expressions as FEEL has them: the dialect of XPath and XQuery functions 3.1, matched in time linear in the text
(a bounded number of steps where a pattern has back-references)."""

from __future__ import annotations

from functools import lru_cache

from ..errors import bad_value
from ..limits import check_string
from .machine import Match, search
from .parse import parse_pattern
from .program import Program, assemble

__all__ = ["Pattern", "compile_pattern", "expand_replacement"]


class Pattern:
    """A compiled pattern. literal: set when the pattern is plain text, matched without the machine."""

    def __init__(self, program: Program, literal: str | None) -> None:
        self.program = program
        self.literal = literal

    def search(self, text: str) -> bool:
        if self.literal is not None:
            return self.literal in text
        return search(self.program, text, 0) is not None

    def matches(self, text: str) -> list[Match]:
        """All matches, one after the other; FeelError when the pattern can match nothing, as XPath has it."""
        if search(self.program, "", 0) is not None:
            raise bad_value("pola cocok dengan teks kosong", "the pattern matches the empty string")
        found: list[Match] = []
        position = 0
        while (match := search(self.program, text, position)) is not None:
            found.append(match)
            position = match[1] if match[1] > match[0] else match[1] + 1
            if position > len(text):
                break
        return found

    def split(self, text: str) -> list[str]:
        if self.literal:
            return text.split(self.literal)
        parts, position = [], 0
        for match in self.matches(text):
            parts.append(text[position : match[0]])
            position = match[1]
        return [*parts, text[position:]]


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str = "") -> Pattern:
    """Read a pattern; FeelError (nilai_tidak_sah) when pattern or flags are not XPath's."""
    for flag in flags:
        if flag not in "smixq":
            raise bad_value(f"tanda “{flag}” tidak dikenal (s, m, i, x, q)", f'unknown flag "{flag}" (s, m, i, x, q)')
    node, groups, plain = parse_pattern(pattern, flags)
    return Pattern(assemble(node, groups, multiline="m" in flags), plain if "i" not in flags else None)


def expand_replacement(pattern: Pattern, text: str, replacement: str, *, literal: bool) -> str:
    """Every match replaced; $1…$n are the groups, $0 the match, \\$ and \\\\ stand for themselves."""
    parts = [replacement] if literal else _replacement(replacement, pattern.program.groups)
    pieces: list[str] = []
    position = length = 0
    for match in pattern.matches(text):
        pieces.append(text[position : match[0]])
        pieces.extend(part if isinstance(part, str) else _group(match, part, text) for part in parts)
        position = match[1]
        length += sum(map(len, pieces[-len(parts) - 1 :]))
        check_string(length)
    return "".join(pieces) + text[position:]


def _group(match: Match, number: int, text: str) -> str:
    start, end = match[2 * number], match[2 * number + 1]
    return text[start:end] if start >= 0 and end >= 0 else ""


def _replacement(text: str, groups: int) -> list[str | int]:
    parts: list[str | int] = []
    position = 0
    while position < len(text):
        character = text[position]
        following = text[position + 1 : position + 2]
        if character == "\\":
            if following not in ("\\", "$"):
                raise bad_value(
                    "“\\” dalam pengganti harus diikuti “\\” atau “$”", '"\\" in a replacement must come before "\\" or "$"'
                )
            parts.append(following)
            position += 2
        elif character == "$":
            if following not in tuple("0123456789"):
                raise bad_value("“$” dalam pengganti harus diikuti angka", '"$" in a replacement must come before a digit')
            number, position = int(following), position + 2
            while text[position : position + 1] in tuple("0123456789") and number * 10 + int(text[position]) <= groups:
                number, position = number * 10 + int(text[position]), position + 1
            parts.append(number if number <= groups else "")
        else:
            parts.append(character)
            position += 1
    return parts
