"""The exact engine: a case through FEEL closures in rationals, with the records that a trace is written from."""

from .decision import Record
from .engine import ExactEngine, ExactResult

__all__ = ["ExactEngine", "ExactResult", "Record"]
