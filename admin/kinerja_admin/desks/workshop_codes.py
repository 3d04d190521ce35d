"""What a diagnostic's code means: its sentence and remedy from the catalogue, and its section of docs/diagnostics.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kinerja.policy.catalogue import CATALOGUE
from kinerja.settings import shipped

_HOLE = re.compile(r"\{\w+\}")
_SECTION = re.compile(r"^## (?P<code>[RP]\d{3}) (?P<title>.+?)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Explained:
    """text, remedy: as the console says them, "…" for what each finding fills in. title, paragraphs: the docs' section, English."""

    severity: str
    text: dict[str, str]
    remedy: dict[str, str]
    title: str
    paragraphs: tuple[str, ...]


def explained(code: str) -> Explained | None:
    kind = CATALOGUE.get(code)
    if kind is None:
        return None
    title, paragraphs = _sections().get(code, ("", ()))
    return Explained(
        str(kind.severity),
        {"id": _plain(kind.text_id), "en": _plain(kind.text_en)},
        {"id": _plain(kind.remedy_id), "en": _plain(kind.remedy_en)},
        title,
        paragraphs,
    )


def _plain(text: str) -> str:
    return _HOLE.sub("…", text.replace("{hint_id}", "").replace("{hint_en}", ""))


@cache
def _sections() -> dict[str, tuple[str, tuple[str, ...]]]:
    file = shipped("docs") / "diagnostics.md"
    text = file.read_text("utf-8") if file.is_file() else ""
    return {found["code"]: (found["title"], _paragraphs(found["body"])) for found in _SECTION.finditer(text)}


def _paragraphs(body: str) -> tuple[str, ...]:
    parts = (" ".join(part.split()) for part in body.split("\n\n") if part.strip() and not part.strip().startswith("```"))
    return tuple(part.replace("`", "") for part in parts if not re.fullmatch(r"\*\w+\*", part))
