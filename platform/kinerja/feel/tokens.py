"""Source text → tokens. Names with blanks are put together later, by the parser, which knows what is in scope."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from .errors import LIMIT, FeelError, syntax_error
from .syntax import Span

MAX_TEXT = 100_000


class Kind(Enum):
    WORD = auto()
    NUMBER = auto()
    STRING = auto()
    TEMPORAL = auto()
    SYMBOL = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """text: as written; for STRING and TEMPORAL the value between the quotes. spaced: white space came before."""

    kind: Kind
    text: str
    start: int
    end: int
    spaced: bool

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    def is_symbol(self, *texts: str) -> bool:
        return self.kind is Kind.SYMBOL and self.text in texts

    def is_word(self, *texts: str) -> bool:
        return self.kind is Kind.WORD and self.text in texts


# The name characters of FEEL (grammar rules 28 and 29) are those of XML names, plus the supplementary planes.
_NAME_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_SPACE = "\\s\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_BLANK = re.compile(rf"(?:[{_SPACE}]|//[^\n\r]*|/\*(?:[^*]|\*(?!/))*\*/)+")
_TOKEN = re.compile(
    rf"""
    (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<word>[?{_NAME_START}][{_NAME_START}0-9\u00b7\u0300-\u036f\u203f-\u2040]*)
    |(?P<temporal>@[{_SPACE}]*"(?:[^"\\]|\\.)*")
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<symbol>\*\*|\.\.|->|!=|<=|>=|[-+*/=<>()\[\]{{}},:.'|&%;^~!\#$@`\\])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def _unescape(body: str, start: int) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1] or match[2]:
            code = int(match[1] or match[2], 16)
            if code > 0x10FFFF:
                span = Span(start + match.start(), start + match.end())
                raise syntax_error("kode Unicode", "a Unicode code point", match[0], span)
            return chr(code)
        return _SIMPLE.get(match[3], match[0])  # an unknown escape keeps its backslash, as regular expressions need it

    if "\\" not in body:
        return body
    text = _ESCAPE.sub(one, body)
    return _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)


def tokenize(text: str) -> list[Token]:
    """All tokens, the last one END. Raises FeelError on a character or a string end that is missing, or on a text too long."""
    if len(text) > MAX_TEXT:
        raise FeelError(
            LIMIT, f"ekspresi lebih dari {MAX_TEXT} huruf", f"the expression exceeds {MAX_TEXT} characters", span=Span(0, len(text))
        )
    tokens: list[Token] = []
    position, spaced = 0, False
    while position < len(text):
        if not text[position].isalnum() and (blank := _BLANK.match(text, position)):
            position, spaced = blank.end(), True
            continue
        match = _TOKEN.match(text, position)
        if match is None or text.startswith("/*", position):
            raise _unreadable(text, position)
        tokens.append(_token(match, spaced))
        position, spaced = match.end(), False
    tokens.append(Token(Kind.END, "", len(text), len(text), spaced))
    return tokens


def _token(match: re.Match[str], spaced: bool) -> Token:
    start, end, text = match.start(), match.end(), match[0]
    if match["word"]:
        return Token(Kind.WORD, text, start, end, spaced)
    if match["number"]:
        return Token(Kind.NUMBER, text, start, end, spaced)
    if match["string"]:
        return Token(Kind.STRING, _unescape(text[1:-1], start + 1), start, end, spaced)
    if match["temporal"]:
        return Token(Kind.TEMPORAL, text[text.index('"') + 1 : -1], start, end, spaced)
    return Token(Kind.SYMBOL, text, start, end, spaced)


def _unreadable(text: str, position: int) -> FeelError:
    rest = Span(position, len(text))
    if text[position] == '"':
        return syntax_error("tanda kutip penutup", "a closing quotation mark", "", rest)
    if text.startswith("/*", position):
        return syntax_error("akhir komentar “*/”", 'the end of the comment "*/"', "", rest)
    return syntax_error("ekspresi", "an expression", text[position], Span(position, position + 1))
