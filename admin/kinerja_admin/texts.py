"""The console's two languages. Indonesian is written in the templates and the code; `translations/en.yaml` holds the English.

A sentence is its own key, so a template reads as the page does. A test holds the English complete and free of leftovers.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Flask, Response, g, has_request_context, redirect, request

from kinerja.core.errors import KinerjaError

LANGUAGES = ("id", "en")
COOKIE = "bahasa"
_FOLDER = Path(__file__).parent / "translations"
_YEAR = 365 * 24 * 3600


@cache
def _catalogue(name: str) -> dict[str, Any]:
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    loaded = yaml.safe_load(text)
    if not isinstance(loaded, dict):
        raise TypeError(f"translations/{name}.yaml is not a mapping")
    return loaded


def english() -> dict[str, str]:
    """Indonesian sentence → English sentence."""
    return _catalogue("en")


def language() -> str:
    """The reader's language: "id" unless the reader chose otherwise."""
    if not has_request_context():
        return "id"
    chosen: str = g.get("language", "id")
    return chosen


def _(text: str, **values: Any) -> str:
    """The sentence in the reader's language, with `%(name)s` filled in. What English lacks is shown in Indonesian."""
    translated = english().get(text, text) if language() == "en" else text
    return translated % values if values else translated


def pick(texts: Any, other: str = "") -> str:
    """One of `{"id": …, "en": …}` (a mapping or an object with `.id`, `.en`), or a plain string as it stands."""
    if texts is None:
        return other
    if isinstance(texts, str):
        return texts
    if isinstance(texts, Mapping):
        return str(texts.get(language()) or texts.get("id") or other)
    return str(getattr(texts, language(), "") or getattr(texts, "id", "") or other)


def sentence(error: KinerjaError) -> tuple[str, str]:
    """What went wrong and what to do, in the reader's language."""
    return (error.text_en, error.remedy_en) if language() == "en" else (error.text_id, error.remedy_id)


def word(kind: str, value: Any) -> str:
    """The label of a stored value (`word("stage", "penilaian")`); the value itself where no label is known."""
    labels = _catalogue("labels").get(kind, {})
    return pick(labels.get(str(value)), str(value).replace("_", " ") if value is not None else "")


def key_doc(doc: str) -> str:
    """What a key of a rule file holds; the schema says it in English."""
    return doc if language() == "en" else str(_catalogue("keys").get(doc, doc))


def init_app(app: Flask) -> None:
    @app.before_request
    def _choose() -> None:
        asked = request.cookies.get(COOKIE, "id")
        g.language = asked if asked in LANGUAGES else "id"

    @app.post("/bahasa")
    def switch_language() -> Response:
        chosen = request.form.get("bahasa", "id")
        target = request.form.get("kembali", "/")
        if not target.startswith("/") or target.startswith(("//", "/\\")):
            target = "/"
        answer = redirect(target)
        answer.set_cookie(
            COOKIE,
            chosen if chosen in LANGUAGES else "id",
            max_age=_YEAR,
            httponly=True,
            samesite="Lax",
            secure=bool(app.config["SESSION_COOKIE_SECURE"]),
        )
        return answer  # type: ignore[return-value]

    app.jinja_env.globals.update(_=_, pick=pick, word=word, language=language, sentence=sentence, key_doc=key_doc)
