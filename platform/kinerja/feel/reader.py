"""Going through tokens: looking, taking, demanding, and saying what was expected instead."""

from __future__ import annotations

from .errors import LIMIT, FeelError, syntax_error
from .syntax import Span
from .tokens import Kind, Token, tokenize

MAX_DEPTH = 100


class Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.position = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    @property
    def next(self) -> Token:
        return self.tokens[min(self.position + 1, len(self.tokens) - 1)]

    def advance(self) -> Token:
        token = self.token
        if token.kind is not Kind.END:
            self.position += 1
        return token

    def accept(self, symbol: str) -> bool:
        if self.token.is_symbol(symbol):
            self.position += 1
            return True
        return False

    def expect(self, symbol: str) -> Token:
        if not self.token.is_symbol(symbol):
            raise self.expected(f"“{symbol}”", f'"{symbol}"')
        return self.advance()

    def accept_word(self, word: str) -> bool:
        if self.token.is_word(word):
            self.position += 1
            return True
        return False

    def expect_word(self, word: str) -> Token:
        if not self.token.is_word(word):
            raise self.expected(f"“{word}”", f'"{word}"')
        return self.advance()

    def expected(self, what_id: str, what_en: str) -> FeelError:
        token = self.token
        return syntax_error(what_id, what_en, self.text[token.start : token.end], token.span)

    def since(self, start: int) -> Span:
        """The span from an offset to the end of the last token read."""
        return Span(start, self.tokens[self.position - 1].end if self.position else start)

    def too_deep(self) -> FeelError:
        return FeelError(
            LIMIT,
            f"ekspresi bersarang lebih dari {MAX_DEPTH} tingkat atau terlalu panjang",
            f"the expression is nested more than {MAX_DEPTH} levels, or too long a chain",
            span=self.token.span,
        )
