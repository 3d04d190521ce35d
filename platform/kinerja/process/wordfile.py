"""`notices.yaml` of a process folder: what its notices say, in two languages, by the template name a service task gives."""

from __future__ import annotations

import string
from collections.abc import Mapping

from ..core.errors import InputError
from . import strictyaml
from .forms import Text
from .strictyaml import Problems, Value

WORDS_FILE = "notices.yaml"
PLACEHOLDERS = ("nama", "siklus", "judul", "hari")
"""{nama}: whom or what the case is about; {siklus}: its cycle, else its title; {judul}: its title; {hari}: days to object."""


def check_words(text: str, file: str) -> tuple[Mapping[str, Text], tuple[InputError, ...]]:
    """Template → words, and everything that is wrong with the file."""
    try:
        root = strictyaml.parse(text, file)
    except InputError as error:
        return {}, (error,)
    problems = Problems("kabar_tidak_sah", "perbaiki berkas kabar", "mend the file of notices")
    if root.entries is None:
        problems.add(root.place, "di sini diharapkan templat: {id: …, en: …}", "expected template: {id: …, en: …} here")
    words = {name: _words(value, problems) for name, value in (root.entries or {}).items()}
    return words, tuple(problems.found)


def _words(value: Value, problems: Problems) -> Text:
    entries = value.entries or {}
    if entries.keys() != {"id", "en"} or not all(one.text and one.text.strip() for one in entries.values()):
        problems.add(value.place, "tulis dalam dua bahasa: {id: …, en: …}", "write it in both languages: {id: …, en: …}")
        return Text("", "")
    said = {language: " ".join((entry.text or "").split()) for language, entry in entries.items()}
    for language, words in said.items():
        for name in _names(words):
            if name not in PLACEHOLDERS:
                known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
                problems.add(
                    entries[language].place, f"“{{{name}}}” tidak dikenal; ada: {known}", f'unknown "{{{name}}}"; there is: {known}'
                )
    return Text(said["id"], said["en"])


def _names(words: str) -> list[str]:
    try:
        return [name for _, name, _, _ in string.Formatter().parse(words) if name is not None]
    except ValueError:
        return ["…"]
