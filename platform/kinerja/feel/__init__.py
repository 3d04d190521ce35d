"""FEEL, the expression language of DMN 1.5: parser, checker and evaluator. It knows values and syntax, nothing of the
product. Two dialects: STRICT (exact rationals, named errors; rule files) and STANDARD (34 digits, null; .dmn files)."""

from .compiler import FeelFunction, compile_expression, compile_tests, read_once
from .dialect import STANDARD, STRICT, Dialect, swallowed
from .errors import FeelError
from .infer import infer, infer_tests
from .parser import parse_expression, parse_tests
from .syntax import Node, Span, UnaryTests
from .types import Type
from .walk import names_used, walk

__all__ = [
    "STANDARD",
    "STRICT",
    "Dialect",
    "FeelError",
    "FeelFunction",
    "Node",
    "Span",
    "Type",
    "UnaryTests",
    "compile_expression",
    "compile_tests",
    "infer",
    "infer_tests",
    "names_used",
    "parse_expression",
    "parse_tests",
    "read_once",
    "swallowed",
    "walk",
]
