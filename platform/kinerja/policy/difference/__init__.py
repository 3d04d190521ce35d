"""The difference between two policies in sentences about meaning: bands, amounts, dates, who is touched. Indonesian and English."""

from .change import Change
from .compare import compare

__all__ = ["Change", "compare"]
