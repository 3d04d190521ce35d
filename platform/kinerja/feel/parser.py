"""The parser: operator precedence by binding power. Text in, `syntax` tree out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal as OneOf
from typing import TypeVar, cast

from . import syntax as ast
from .arithmetic import read_literal
from .constructs import Constructs
from .errors import too_deep
from .names import KEYWORDS, PROPERTY_TABLE
from .reader import MAX_DEPTH
from .syntax import Node
from .tokens import Kind, Token

MAX_HEIGHT = 250

OR, AND, COMPARISON, ADDITIVE, MULTIPLICATIVE, POWER, NEGATION, INSTANCE = range(1, 9)
_ARITHMETIC = {"+": ADDITIVE, "-": ADDITIVE, "*": MULTIPLICATIVE, "/": MULTIPLICATIVE, "**": POWER}
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_NO_EXPRESSION_STARTS = ("]", ")", "}", ",", "..", ".", "=", "!=", "+", "*", "/", "**")  # tokens that cannot begin an expression

Comparator = OneOf["=", "!=", "<", "<=", ">", ">="]
T = TypeVar("T")


def parse_expression(text: str, names: Iterable[str] = (), *, members: Iterable[str] = ()) -> Node:
    """One FEEL expression. names: the names in scope, needed where they hold blanks or operators; members: names of
    entries, which may follow a point or stand in a filter."""
    return Parser(text, names, members).whole(Parser.expression)


def parse_tests(text: str, names: Iterable[str] = (), *, members: Iterable[str] = ()) -> ast.UnaryTests:
    """One cell: `-`, or alternatives separated by commas, or not(alternatives)."""
    return Parser(text, names, members).whole(Parser.cell)


class Parser(Constructs):
    def __init__(self, text: str, names: Iterable[str] = (), members: Iterable[str] = ()) -> None:
        super().__init__(text, names, members)
        self.depth = 0  # of the recursion, 100 levels at most
        self.tallest = 0  # height of the tallest tree read since the innermost expression began

    def whole(self, read: Callable[[Parser], T]) -> T:
        try:
            result = read(self)
        except RecursionError:
            raise too_deep(self.token.span) from None
        if self.token.kind is not Kind.END:
            raise self.expected("operator atau akhir ekspresi", "an operator or the end of the expression")
        return result

    # ── operators ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def expression(self, power: int = 0) -> Node:
        """An expression whose operators bind at least as tightly as `power`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.too_deep()
        outside, self.tallest = self.tallest, 0
        start = self.token.start
        node = self.operators(self.prefix(), power, start)
        self.depth -= 1
        self.tallest = max(outside, self.tallest)
        return node

    def operators(self, left: Node, power: int, start: int) -> Node:
        """`left`, which began at offset `start`, and all operators after it that bind at least as tightly as `power`."""
        height = self.tallest + 1
        while True:
            self.tallest = 0
            node = self.operator(left, power, start)
            height = max(height, self.tallest) + (node is not left)
            if height > MAX_HEIGHT:
                raise self.too_deep()
            if node is left:
                self.tallest = height
                return node
            left = node

    def operator(self, left: Node, power: int, start: int) -> Node:
        """`left` extended by one operator, or `left` itself when none follows that binds tightly enough."""
        token = self.token
        if token.kind is Kind.SYMBOL:
            return self.symbol_operator(left, power, token, start)
        if token.kind is not Kind.WORD:
            return left
        if token.text in ("or", "and") and (binding := OR if token.text == "or" else AND) >= power:
            self.advance()
            right = self.expression(binding + 1)
            return ast.Logic(cast(OneOf["and", "or"], token.text), left, right, span=self.since(start))
        if token.text == "between" and power <= COMPARISON:
            self.advance()
            low = self.expression(ADDITIVE)
            self.expect_word("and")
            return ast.Between(left, low, self.expression(ADDITIVE), span=self.since(start))
        if token.text == "in" and power <= COMPARISON:
            self.advance()
            return ast.In(left, self.tests_after_in(), span=self.since(start))
        if token.text == "instance" and power <= INSTANCE and self.next.is_word("of"):
            self.position += 2
            return ast.InstanceOf(left, self.type_name(), span=self.since(start))
        return left

    def symbol_operator(self, left: Node, power: int, token: Token, start: int) -> Node:
        symbol = token.text
        if symbol in _ARITHMETIC and (binding := _ARITHMETIC[symbol]) >= power:
            self.advance()
            right = self.expression(binding + 1)
            return ast.Arithmetic(cast(OneOf["+", "-", "*", "/", "**"], symbol), left, right, span=self.since(start))
        if symbol in _COMPARISONS and power <= COMPARISON:
            self.advance()
            right = self.expression(ADDITIVE)
            return ast.Comparison(cast(Comparator, symbol), left, right, span=self.since(start))
        if symbol == "." and self.next.kind is Kind.WORD:
            self.advance()
            return ast.Path(left, self.member(), span=self.since(start))
        if symbol == "(":
            return self.call(left, start)
        if symbol == "[" and not self.ends_range():
            self.advance()
            with self.scope(self.members, PROPERTY_TABLE):
                predicate = self.expression()
            self.expect("]")
            return ast.Filter(left, predicate, span=self.since(start))
        return left

    def ends_range(self) -> bool:
        """`[` closes `]1..5[` where what follows cannot begin a filter."""
        following = self.next
        return (
            following.kind is Kind.END
            or following.is_symbol(*_NO_EXPRESSION_STARTS)
            or following.is_word("and", "or", "then", "else", "return", "satisfies", "in", "between", "instance")
        )

    # ── operands ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def prefix(self) -> Node:
        token = self.token
        if token.kind is Kind.NUMBER:
            self.advance()
            return ast.NumberLiteral(read_literal(token.text, token.span), span=token.span)
        if token.kind is Kind.STRING:
            self.advance()
            return ast.StringLiteral(token.text, span=token.span)
        if token.kind is Kind.TEMPORAL:
            self.advance()
            return ast.TemporalLiteral(token.text, span=token.span)
        if token.kind is Kind.WORD:
            return self.word(token)
        if token.is_symbol("-"):
            self.advance()
            if self.token.kind is Kind.NUMBER:  # the sign belongs to the literal: -1 instance of number
                return ast.Negation(self.prefix(), span=self.since(token.start))
            return ast.Negation(self.expression(NEGATION), span=self.since(token.start))
        if token.is_symbol("(", "[", "]"):
            return self.bracket()
        if token.is_symbol("{"):
            return self.context()
        raise self.expected("ekspresi", "an expression")

    def word(self, token: Token) -> Node:
        if token.text in KEYWORDS:
            if token.text in ("true", "false"):
                self.advance()
                return ast.BooleanLiteral(token.text == "true", span=token.span)
            if token.text == "null":
                self.advance()
                return ast.NullLiteral(span=token.span)
            if token.text == "if":
                return self.conditional()
            if token.text == "for":
                return self.iteration()
            if token.text in ("some", "every") and self.next.kind is Kind.WORD:
                return self.quantified()
            if token.text == "function" and self.next.is_symbol("("):
                return self.function()
            raise self.expected("ekspresi", "an expression")
        name = self.name_in_scope()
        return ast.Name(name, span=self.since(token.start))

    # ── brackets: parentheses, lists, ranges ──────────────────────────────────────────────────────────────────────────
    def bracket(self) -> Node:
        opening = self.advance()
        if opening.text == "[" and self.token.is_symbol("]"):
            self.advance()
            return ast.ListLiteral((), span=self.since(opening.start))
        if opening.text == "(" and self.token.is_symbol(*_COMPARISONS):
            node = self.half_range()
            self.expect(")")
            return node
        first = self.element()
        if self.accept(".."):
            return self.range_from(opening, first)
        if opening.text == "]":
            raise self.expected("“..”", '".."')
        if opening.text == "(":
            self.expect(")")
            return first
        items = [first]
        while self.accept(","):
            items.append(self.element())
        self.expect("]")
        return ast.ListLiteral(tuple(items), span=self.since(opening.start))

    def element(self) -> Node:
        return self.half_range() if self.token.is_symbol(*_COMPARISONS) else self.expression()

    def half_range(self) -> Node:
        """`< 10` where an expression stands: a range without an end; `= 10` and `!= 10` stay comparisons."""
        operator = self.advance()
        operand = self.expression(ADDITIVE)
        span = self.since(operator.start)
        if operator.text in ("<", "<="):
            return ast.Range(None, operand, False, operator.text == "<=", span=span)
        if operator.text in (">", ">="):
            return ast.Range(operand, None, operator.text == ">=", False, span=span)
        return ast.Compare(cast(Comparator, operator.text), operand, span=span)

    def range_from(self, opening: Token, low: Node) -> Node:
        high = self.expression()
        closing = self.token
        if not closing.is_symbol("]", ")", "["):
            raise self.expected("akhir rentang “]” atau “)”", 'the end of the range, "]" or ")"')
        self.advance()
        return ast.Range(low, high, opening.text == "[", closing.text == "]", span=self.since(opening.start))

    # ── unary tests ───────────────────────────────────────────────────────────────────────────────────────────────────
    def cell(self) -> ast.UnaryTests:
        if self.token.is_symbol("-") and self.next.kind is Kind.END:
            self.advance()
            return ast.UnaryTests(span=self.since(0))
        if self.token.is_word("not") and self.next.is_symbol("("):
            if negated := self.negated_cell():
                return negated
            self.position = 0
        return ast.UnaryTests(tuple(self.alternatives()), span=self.since(0))

    def negated_cell(self) -> ast.UnaryTests | None:
        """not(…) when it is the whole cell; None when it is a call of the function `not` within one."""
        self.position += 2
        alternatives = self.alternatives()
        self.expect(")")
        if self.token.kind is not Kind.END:
            return None
        return ast.UnaryTests(tuple(alternatives), negated=True, span=self.since(0))

    def alternatives(self) -> list[ast.Test]:
        tests = [self.test()]
        while self.accept(","):
            tests.append(self.test())
        return tests

    def test(self, power: int = 0) -> ast.Test:
        start = self.token.start
        if self.token.is_symbol(*_COMPARISONS):
            operator = self.advance()
            operand = self.expression(ADDITIVE)
            compare = ast.Compare(cast(Comparator, operator.text), operand, span=self.since(start))
            return ast.Test(compare, span=compare.span)
        node = self.expression(power)
        return ast.Test(node, span=node.span)

    def tests_after_in(self) -> ast.UnaryTests:
        """`in (a, < b)`, `in < b`, `in expression`; the first parenthesis may turn out to be a range or part of an expression."""
        start = self.token.start
        if not self.token.is_symbol("("):
            test = self.test(ADDITIVE)
            return ast.UnaryTests((test,), span=test.span)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.too_deep()
        opening = self.advance()
        tests = [self.test()]
        first = tests[0].expression
        if not isinstance(first, ast.Compare) and self.accept(".."):
            return self.continued(self.range_from(opening, first), start)
        while self.accept(","):
            tests.append(self.test())
        self.expect(")")
        self.depth -= 1
        if len(tests) == 1 and not isinstance(first, ast.Compare):
            return self.continued(first, start)
        return ast.UnaryTests(tuple(tests), span=self.since(start))

    def continued(self, node: Node, start: int) -> ast.UnaryTests:
        whole = self.operators(node, ADDITIVE, start)
        return ast.UnaryTests((ast.Test(whole, span=whole.span),), span=whole.span)
