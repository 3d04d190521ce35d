"""Cells as people write them elsewhere: with signs that a word processor puts in, or in words. What would be meant, as a cell."""

from __future__ import annotations

import re

_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_SIGNS = (("≥", ">="), ("≤", "<="), ("≠", "!="), ("−", "-"), ("“", '"'), ("”", '"'), ("„", '"'), ("…", ".."), ("...", ".."))
_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE), written)
    for pattern, written in (
        (rf"(?:=>|lebih dari atau sama dengan|paling sedikit|sekurang-kurangnya|minimal|min\.?)\s*({_NUMBER})\Z", r">= \1"),
        (rf"(?:=<|kurang dari atau sama dengan|paling banyak|setinggi-tingginya|maksimal|maks\.?)\s*({_NUMBER})\Z", r"<= \1"),
        (rf"(?:lebih dari|di atas|lebih besar dari)\s*({_NUMBER})\Z", r"> \1"),
        (rf"(?:kurang dari|di bawah|lebih kecil dari)\s*({_NUMBER})\Z", r"< \1"),
        (rf"({_NUMBER})\s*(?:atau lebih|ke atas)\Z", r">= \1"),
        (rf"({_NUMBER})\s*(?:atau kurang|ke bawah)\Z", r"<= \1"),
        (rf"!=\s*({_NUMBER})\Z", r"not(\1)"),
        (rf"({_NUMBER})\s*(?:-|–|—|\.\.|sampai(?: dengan)?|s\.?\s?d\.?|s/d|hingga)\s*({_NUMBER})\Z", r"[\1..\2]"),
    )
)


def meant(written: str) -> str | None:
    """The cell that was probably meant, or None where there is nothing to guess; the caller says so, never acts on it."""
    better = written
    for sign, plain in _SIGNS:
        better = better.replace(sign, plain)
    for pattern, plain in _WORDS:
        if found := pattern.fullmatch(better.strip()):
            better = found.expand(plain)
            break
    return better if better != written else None
