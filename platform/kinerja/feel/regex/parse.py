"""A pattern → its tree."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import FeelError, bad_value
from .charset import CLASS_ESCAPES, SINGLE_ESCAPES, CharSet, any_of, category, negated, one, range_of, subtract

MAX_PATTERN = 5_000
MAX_REPEAT = 1_000
MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Chars:
    set: CharSet


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    branches: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    item: Piece
    low: int
    high: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Group:
    item: Piece
    number: int


@dataclass(frozen=True, slots=True)
class Anchor:
    start: bool


@dataclass(frozen=True, slots=True)
class BackReference:
    number: int
    ignore_case: bool


Piece = Chars | Sequence | Choice | Repeat | Group | Anchor | BackReference

_ANYTHING = negated(any_of([]))
_NOT_NEWLINE = negated(any_of([one("\n", False), one("\r", False)]))
_SPECIAL = frozenset("\\|.?*+(){}[]^$")


def parse_pattern(pattern: str, flags: str) -> tuple[Piece, int, str | None]:
    """The tree, the number of groups, and the plain text where the pattern is nothing else."""
    if len(pattern) > MAX_PATTERN:
        raise bad_value(f"pola lebih dari {MAX_PATTERN} huruf", f"a pattern of more than {MAX_PATTERN} characters")
    if "q" in flags:
        return Sequence(tuple(Chars(one(character, "i" in flags)) for character in pattern)), 0, pattern
    if not _SPECIAL & set(pattern) and "x" not in flags:
        return Sequence(tuple(Chars(one(character, "i" in flags)) for character in pattern)), 0, pattern
    reader = _Reader(pattern, flags)
    return reader.whole(), reader.groups, None


def _without_blanks(pattern: str) -> str:
    """White space taken out, as flag x asks, except within character classes."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for character in pattern:
        if character in " \t\n\r" and not depth:
            continue
        kept.append(character)
        if escaped:
            escaped = False
            continue
        escaped = character == "\\"
        depth = max(0, depth + (character == "[") - (character == "]"))
    return "".join(kept)


class _Reader:
    def __init__(self, pattern: str, flags: str) -> None:
        self.text = _without_blanks(pattern) if "x" in flags else pattern
        self.position = 0
        self.ignore_case = "i" in flags
        self.dot_all = "s" in flags
        self.groups = 0
        self.closed: set[int] = set()
        self.depth = 0

    def error(self, what_id: str, what_en: str) -> FeelError:
        at = self.position + 1
        return bad_value(f"pola tidak sah di huruf {at}: {what_id}", f"malformed pattern at character {at}: {what_en}")

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def take(self) -> str:
        character = self.peek()
        self.position += 1
        return character

    def accept(self, character: str) -> bool:
        if self.peek() == character:
            self.position += 1
            return True
        return False

    def whole(self) -> Piece:
        tree = self.choice()
        if self.peek():
            raise self.error("“)” tanpa pembuka", 'unmatched ")"')
        return tree

    def choice(self) -> Piece:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error("kurung terlalu dalam", "groups nested too deeply")
        branches = [self.branch()]
        while self.accept("|"):
            branches.append(self.branch())
        self.depth -= 1
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def branch(self) -> Piece:
        items: list[Piece] = []
        while self.peek() not in ("", "|", ")"):
            items.append(self.quantified(self.atom()))
        return Sequence(tuple(items))

    # ── quantifiers ───────────────────────────────────────────────────────────────────────────────────────────────────
    def quantified(self, item: Piece) -> Piece:
        bounds = self.bounds()
        if bounds is None:
            return item
        greedy = not self.accept("?")
        if self.peek() in ("?", "*", "+", "{") and self.peek():
            raise self.error("pengulangan ganda", "a quantifier after a quantifier")
        return Repeat(item, bounds[0], bounds[1], greedy)

    def bounds(self) -> tuple[int, int | None] | None:
        character = self.peek()
        simple: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
        if character in simple:
            self.position += 1
            return simple[character]
        if character != "{":
            return None
        self.position += 1
        low = self.count()
        high: int | None = low
        if self.accept(","):
            high = None if self.peek() == "}" else self.count()
        if not self.accept("}") or (high is not None and high < low):
            raise self.error("pengulangan {n,m}", "the quantifier {n,m}")
        return low, high

    def count(self) -> int:
        digits = ""
        while self.peek() in tuple("0123456789"):
            digits += self.take()
        if not digits or len(digits) > 6 or int(digits) > MAX_REPEAT:
            raise self.error(f"jumlah pengulangan 0…{MAX_REPEAT}", f"a count from 0 to {MAX_REPEAT}")
        return int(digits)

    # ── atoms ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def atom(self) -> Piece:
        character = self.take()
        if character == "(":
            return self.group()
        if character == "[":
            return Chars(self.char_class())
        if character == ".":
            return Chars(_ANYTHING if self.dot_all else _NOT_NEWLINE)
        if character == "^":
            return Anchor(True)
        if character == "$":
            return Anchor(False)
        if character == "\\":
            return self.escape()
        if character in ("?", "*", "+", "{", "}", "]"):
            self.position -= 1
            raise self.error(f"“{character}” tidak pada tempatnya", f'"{character}" out of place')
        return Chars(one(character, self.ignore_case))

    def group(self) -> Piece:
        if self.text.startswith("?", self.position):
            if not self.text.startswith("?:", self.position):
                raise self.error("hanya “(?:” yang dikenal", 'only "(?:" is known')
            self.position += 2
            item = self.choice()
            number = 0
        else:
            self.groups += 1
            number = self.groups
            item = self.choice()
        if not self.accept(")"):
            raise self.error("“)” tidak ada", 'missing ")"')
        if not number:
            return item
        self.closed.add(number)
        return Group(item, number)

    def escape(self) -> Piece:
        character = self.text[self.position : self.position + 1]
        if character and character in "123456789":
            return self.back_reference()
        return Chars(self.escaped_set())

    def back_reference(self) -> Piece:
        number = int(self.text[self.position])
        self.position += 1
        while self.text[self.position : self.position + 1] in tuple("0123456789"):
            longer = number * 10 + int(self.text[self.position])
            if longer > self.groups:
                break
            number = longer
            self.position += 1
        if number not in self.closed:
            raise self.error("rujukan ke kelompok yang belum ada", "a reference to a group that is not there yet")
        return BackReference(number, self.ignore_case)

    def escaped_set(self) -> CharSet:
        character = self.text[self.position : self.position + 1]
        self.position += 1
        if character in SINGLE_ESCAPES and character:
            return one(SINGLE_ESCAPES[character], self.ignore_case)
        if character in CLASS_ESCAPES and character:
            return CLASS_ESCAPES[character]
        if character in ("p", "P") and self.text.startswith("{", self.position):
            end = self.text.find("}", self.position)
            found = category(self.text[self.position + 1 : end]) if end > 0 else None
            if found is None:
                raise self.error("golongan huruf", "the category of characters")
            self.position = end + 1
            return negated(found) if character == "P" else found
        raise self.error(f"“\\{character}” tidak dikenal", f'unknown escape "\\{character}"')

    # ── character classes ─────────────────────────────────────────────────────────────────────────────────────────────
    def char_class(self, depth: int = 0) -> CharSet:
        """What stands between [ and ]; white space counts here, whatever the flags."""
        if depth > 10:
            raise self.error("kelas huruf terlalu dalam", "character classes nested too deeply")
        invert = self.text.startswith("^", self.position)
        self.position += invert
        parts: list[CharSet] = []
        removed: CharSet | None = None
        while not self.text.startswith("]", self.position):
            if self.position >= len(self.text):
                raise self.error("“]” tidak ada", 'missing "]"')
            if self.text.startswith("-[", self.position) and parts:
                self.position += 2
                removed = self.char_class(depth + 1)
                if not self.text.startswith("]", self.position):
                    raise self.error("“]” sesudah pengurangan", '"]" after the subtraction')
                break
            parts.append(self.class_part(first=not parts))
        if not parts:
            raise self.error("kelas huruf kosong", "an empty character class")
        self.position += 1
        found = any_of(parts)
        if invert:
            found = negated(found)
        return found if removed is None else subtract(found, removed)

    def class_part(self, *, first: bool) -> CharSet:
        low = self.class_character(first=first)
        if not isinstance(low, str):
            return low
        if self.text.startswith("-", self.position) and not self.text.startswith(("-]", "-["), self.position):
            self.position += 1
            high = self.class_character(first=True)
            if not isinstance(high, str) or high < low:
                raise self.error("rentang huruf", "the range of characters")
            return range_of(low, high, self.ignore_case)
        return one(low, self.ignore_case)

    def class_character(self, *, first: bool) -> str | CharSet:
        character = self.text[self.position : self.position + 1]
        self.position += 1
        if character == "\\":
            following = self.text[self.position : self.position + 1]
            if following and following in SINGLE_ESCAPES:
                self.position += 1
                return SINGLE_ESCAPES[following]
            return self.escaped_set()
        if character in ("", "[", "]"):
            raise self.error("huruf dalam kelas", "a character in the class")
        if character == "-" and not first and not self.text.startswith("]", self.position):
            raise self.error("“-” di tengah kelas", '"-" within the class')
        return character
