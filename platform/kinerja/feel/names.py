"""Names with blanks and operators in them: matched, longest first, against what is in scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .errors import FeelError
from .tokens import Kind, Token, tokenize

KEYWORDS = frozenset(["if", "then", "else", "for", "in", "return", "some", "every", "satisfies"]) | frozenset(
    ["and", "or", "between", "instance", "of", "true", "false", "null", "function"]
)
# Built-in functions and properties whose names hold blanks; a test holds this against the registry.
BUILT_IN_NAMES = (
    "date and time",
    "years and months duration",
    "days and time duration",
    "string length",
    "upper case",
    "lower case",
    "substring before",
    "substring after",
    "starts with",
    "ends with",
    "string join",
    "list contains",
    "list replace",
    "index of",
    "insert before",
    "distinct values",
    "get value",
    "get entries",
    "context put",
    "context merge",
    "day of year",
    "day of week",
    "month of year",
    "week of year",
    "round up",
    "round down",
    "round half up",
    "round half down",
    "met by",
    "overlaps before",
    "overlaps after",
    "finished by",
    "started by",
)
PROPERTY_NAMES = ("time offset", "start included", "end included")


def spelling(tokens: Sequence[Token]) -> str:
    """The name that these tokens spell: white space between them folded to one blank."""
    return "".join((" " if index and token.spaced else "") + token.text for index, token in enumerate(tokens))


class NameTable:
    """Names of more than one token, by their first token."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        if name.isidentifier():
            return
        try:
            tokens = tokenize(name)[:-1]
        except FeelError:  # a name that no expression can spell is no name to the parser
            return
        if len(tokens) < 2 or tokens[0].kind is not Kind.WORD:
            return
        texts = tuple(token.text for token in tokens)
        entries = self._by_first.setdefault(texts[0], [])
        if all(known != texts for known, _ in entries):
            entries.append((texts, name))
            entries.sort(key=lambda entry: -len(entry[0]))

    def match(self, tokens: Sequence[Token], position: int) -> tuple[str, int]:
        """The longest name that starts at this token, and how many tokens it has; ("", 0) for none."""
        for texts, name in self._by_first.get(tokens[position].text, ()):
            window = tokens[position : position + len(texts)]
            if len(window) == len(texts) and all(token.text == text for token, text in zip(window, texts, strict=True)):
                return name, len(texts)
        return "", 0


BUILT_IN_TABLE = NameTable(BUILT_IN_NAMES)
PROPERTY_TABLE = NameTable(PROPERTY_NAMES)
