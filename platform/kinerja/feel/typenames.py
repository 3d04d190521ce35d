"""Types as they are written: `list<number>`, `context<a: string>`, `function<number> -> string`, `days and time duration`."""

from __future__ import annotations

from collections.abc import Iterable

from . import syntax as ast
from .names import BUILT_IN_TABLE, KEYWORDS, NameTable, spelling
from .reader import Reader
from .tokens import Kind

BUILT_IN_TYPE_NAMES = NameTable(["date and time", "days and time duration", "day and time duration", "years and months duration"])


class TypeReader(Reader):
    """The part of the parser that reads types, over the names in scope."""

    def __init__(self, text: str, names: Iterable[str], members: Iterable[str]) -> None:
        super().__init__(text)
        names = list(names)
        self.members = NameTable([*names, *members])  # what a path or a filter may mean: also all keys written so far
        self.scopes = [BUILT_IN_TABLE, NameTable(names)]

    def type_name(self, depth: int = 0) -> ast.TypeName:
        start = self.token.start
        if self.token.kind is not Kind.WORD or depth > 20:
            raise self.expected("nama tipe", "the name of a type")
        name = self._type_spelling()
        arguments: tuple[ast.TypeName, ...] = ()
        fields: tuple[tuple[str, ast.TypeName], ...] = ()
        result: ast.TypeName | None = None
        if name in ("list", "range") and self.accept("<"):
            arguments = (self.type_name(depth + 1),)
            self.expect(">")
        elif name == "context" and self.accept("<"):
            fields = self._fields(depth)
        elif name == "function" and self.accept("<"):
            arguments = self._parameters(depth)
            self.expect("->")
            result = self.type_name(depth + 1)
        return ast.TypeName(name, arguments, fields, result, span=self.since(start))

    def _type_spelling(self) -> str:
        tables = (BUILT_IN_TYPE_NAMES, *self.scopes)
        name, length = max((table.match(self.tokens, self.position) for table in tables), key=lambda found: found[1])
        if length:
            self.position += length
            return name
        first = self.position
        self.advance()
        while (self.token.kind is Kind.WORD and self.token.text not in KEYWORDS and self.token.text != "external") or (
            self.token.is_symbol(".") and self.tokens[self.position + 1].kind is Kind.WORD
        ):
            self.advance()
        return spelling(self.tokens[first : self.position])

    def _fields(self, depth: int) -> tuple[tuple[str, ast.TypeName], ...]:
        fields = []
        while not self.token.is_symbol(">"):
            first = self.position
            while self.token.kind in (Kind.WORD, Kind.NUMBER):
                self.advance()
            name = spelling(self.tokens[first : self.position])
            self.expect(":")
            fields.append((name, self.type_name(depth + 1)))
            if not self.accept(","):
                break
        self.expect(">")
        return tuple(fields)

    def _parameters(self, depth: int) -> tuple[ast.TypeName, ...]:
        parameters = []
        while not self.token.is_symbol(">"):
            parameters.append(self.type_name(depth + 1))
            if not self.accept(","):
                break
        self.expect(">")
        return tuple(parameters)
