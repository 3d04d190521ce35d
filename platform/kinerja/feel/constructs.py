"""The constructs that introduce names or are told by a keyword: names, calls, if, for, some, every, contexts, functions.

Two adjacent words that belong to no known name are read as one unknown name, so that the error names what the author wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal as OneOf
from typing import cast

from . import syntax as ast
from .errors import SYNTAX, FeelError, limit_exceeded
from .names import KEYWORDS, PROPERTY_TABLE, NameTable, spelling
from .syntax import Node
from .tokens import Kind, Token
from .typenames import TypeReader

MAX_ENTRIES = 1_000


class Constructs(TypeReader):
    def expression(self, power: int = 0) -> Node:
        """An expression whose operators bind at least as tightly as `power`."""
        raise NotImplementedError

    def element(self) -> Node:
        """An element of a list, an entry or an argument."""
        raise NotImplementedError

    # ── names ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
    def name_in_scope(self) -> str:
        name, length = max((table.match(self.tokens, self.position) for table in self.scopes), key=lambda found: found[1])
        if length:
            self.position += length
            return name
        return self.adjacent_words()

    def adjacent_words(self) -> str:
        first = self.position
        self.advance()
        while self.token.kind is Kind.WORD and self.token.text not in KEYWORDS and self.token.text != "?":
            self.advance()
        return spelling(self.tokens[first : self.position])

    def member(self) -> str:
        """The name after the point of a path."""
        tables = (*self.scopes[1:], self.members, PROPERTY_TABLE)
        name, length = max((table.match(self.tokens, self.position) for table in tables), key=lambda found: found[1])
        if length:
            self.position += length
            return name
        return self.adjacent_words()

    @contextmanager
    def scope(self, *tables: NameTable) -> Iterator[NameTable]:
        """More names for a while: `tables`, and one to add to."""
        own, before = NameTable(), len(self.scopes)
        self.scopes += [*tables, own]
        try:
            yield own
        finally:
            del self.scopes[before:]

    def declare(self, table: NameTable, name: str) -> None:
        table.add(name)
        self.members.add(name)

    # ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def call(self, function: Node, start: int) -> Node:
        self.expect("(")
        positional: list[Node] = []
        named: list[tuple[str, Node]] = []
        while not self.token.is_symbol(")"):
            if length := self.argument_name():
                name = spelling(self.tokens[self.position : self.position + length])
                self.position += length + 1
                named.append((name, self.expression()))
            else:
                positional.append(self.element())
            if not self.accept(","):
                break
        self.expect(")")
        span = self.since(start)
        if positional and named:
            raise FeelError(
                SYNTAX,
                "argumen bernama dan tanpa nama tercampur dalam satu panggilan",
                "named and positional arguments are mixed in one call",
                span=span,
            )
        return ast.Call(function, tuple(positional), tuple(named), span=span)

    def argument_name(self) -> int:
        """How many tokens the name of a named argument has here; 0 when the argument has no name."""
        length = 0
        while self._part_of_name(self.tokens[self.position + length]):
            length += 1
        return length if length and self.tokens[self.position + length].is_symbol(":") else 0

    def _part_of_name(self, token: Token) -> bool:
        return token.kind in (Kind.WORD, Kind.NUMBER) or token.is_symbol("-", "+", "*", "/", "'", ".")

    # ── control ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def conditional(self) -> Node:
        start = self.advance().start
        condition = self.expression()
        self.expect_word("then")
        then = self.expression()
        self.expect_word("else")
        return ast.If(condition, then, self.expression(), span=self.since(start))

    def iteration(self) -> Node:
        start = self.advance().start
        with self.scope(NameTable(["partial"])) as table:
            iterators = self.iterators(table)
            self.expect_word("return")
            body = self.expression()
        return ast.For(iterators, body, span=self.since(start))

    def quantified(self) -> Node:
        kind = self.advance()
        with self.scope() as table:
            iterators = self.iterators(table)
            self.expect_word("satisfies")
            condition = self.expression()
        return ast.Quantified(cast(OneOf["some", "every"], kind.text), iterators, condition, span=self.since(kind.start))

    def iterators(self, table: NameTable) -> tuple[ast.Iterator, ...]:
        found = [self.iterator(table)]
        while self.accept(","):
            found.append(self.iterator(table))
        return tuple(found)

    def iterator(self, table: NameTable) -> ast.Iterator:
        start = self.token.start
        name = self.declared_name(lambda token: token.is_word("in"), "nama peubah lalu “in”", 'a variable name and "in"')
        self.expect_word("in")
        domain = self.expression()
        end = self.expression() if self.accept("..") else None
        self.declare(table, name)
        return ast.Iterator(name, domain, end, span=self.since(start))

    def declared_name(self, ends: Callable[[Token], bool], what_id: str, what_en: str) -> str:
        """A name being introduced: the tokens up to the one that ends it."""
        first = self.position
        if self.token.kind is not Kind.WORD or self.token.text in KEYWORDS:
            raise self.expected(what_id, what_en)
        while not ends(self.token):
            if not self._part_of_name(self.token):
                raise self.expected(what_id, what_en)
            self.advance()
        return spelling(self.tokens[first : self.position])

    # ── contexts and functions ────────────────────────────────────────────────────────────────────────────────────────
    def context(self) -> Node:
        start = self.advance().start
        entries: list[tuple[str, Node]] = []
        with self.scope() as table:
            while not self.token.is_symbol("}"):
                name_token = self.token
                name = self.key()
                if any(name == other for other, _ in entries):
                    raise FeelError(
                        SYNTAX, f"kunci “{name}” ditulis dua kali", f'key "{name}" is written twice', span=name_token.span
                    )
                self.expect(":")
                entries.append((name, self.element()))
                if len(entries) > MAX_ENTRIES:
                    raise limit_exceeded(
                        f"konteks lebih dari {MAX_ENTRIES} kunci", f"a context of more than {MAX_ENTRIES} keys"
                    ).at(name_token.span)
                self.declare(table, name)
                if not self.accept(","):
                    break
            self.expect("}")
        return ast.ContextLiteral(tuple(entries), span=self.since(start))

    def key(self) -> str:
        if self.token.kind is Kind.STRING:
            return self.advance().text
        first = self.position
        if self.token.kind is not Kind.WORD:
            raise self.expected("nama kunci", "the name of a key")
        while self._part_of_name(self.token):
            self.advance()
        return spelling(self.tokens[first : self.position])

    def function(self) -> Node:
        start = self.advance().start
        self.expect("(")
        parameters: list[tuple[str, ast.TypeName | None]] = []
        with self.scope() as table:
            while not self.token.is_symbol(")"):
                name = self.declared_name(lambda token: token.is_symbol(":", ",", ")"), "nama parameter", "the name of a parameter")
                parameters.append((name, self.type_name() if self.accept(":") else None))
                self.declare(table, name)
                if not self.accept(","):
                    break
            self.expect(")")
            external = self.accept_word("external")
            body = self.expression()
        return ast.FunctionLiteral(tuple(parameters), body, external, span=self.since(start))
