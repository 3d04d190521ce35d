"""One kind of diagnostic: its severity, sentence and remedy in both languages."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """Sentences are templates: names in braces are filled in where the diagnostic is made."""

    severity: str
    text_id: str
    text_en: str
    remedy_id: str
    remedy_en: str


E, W, N = "error", "warning", "notice"
