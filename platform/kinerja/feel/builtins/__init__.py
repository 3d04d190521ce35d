"""The built-in functions of DMN 1.5, one module a family. Each declares itself by its signature as the standard writes it."""

from . import contexts, conversion, dates, lists, numbers, ranges, strings
from .registry import BUILT_INS, BuiltIn, bind

__all__ = ["BUILT_INS", "BuiltIn", "bind", "contexts", "conversion", "dates", "lists", "numbers", "ranges", "strings"]
