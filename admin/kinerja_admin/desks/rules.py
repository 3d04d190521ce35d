"""“Aturan”: the rule files of a release, each with its legal basis, and the very lines that traces point to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from flask import request

from kinerja.core.findings import Citation
from kinerja.services.context import require
from kinerja.services.rulebook import publish
from kinerja.store.models import Release

from ..base import Desk, expose, not_found
from ..session import city, context
from ..texts import pick

KINDS = ("vocabulary", "parameters", "standards", "decisions", "incentives", "reactions")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One file of a release as the list shows it. titles: language → title; first, last: ISO days of its effect, as written."""

    file: str
    kind: str
    titles: tuple[tuple[str, str], ...]
    authority: tuple[Citation, ...]
    first: str
    last: str

    @property
    def title(self) -> str:
        return pick(dict(self.titles), self.file)


@dataclass(frozen=True, slots=True)
class Group:
    kind: str
    rows: tuple[RuleFile, ...]


@lru_cache(maxsize=1_000)
def describe(file: str, text: str) -> RuleFile:
    """What a checked rule file says of itself; the release was checked before it was published, so it parses."""
    head = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes only text, lists and mappings
    kind = file.split("/")[0] if "/" in file else "vocabulary"
    effective = head.get("effective") or {}
    basis = tuple(
        Citation(entry.get("instrument", ""), entry.get("part", ""), entry.get("status", "policy"), entry.get("note", ""))
        for entry in head.get("authority") or ()
    )
    title = head.get("title") or file
    titles = tuple(title.items()) if isinstance(title, dict) else (("id", str(title)),)
    return RuleFile(file, kind, titles, basis, effective.get("from", ""), effective.get("to", ""))


def texts(fingerprint: str) -> dict[str, str]:
    """The files of a release, by name; {} where there is no such release."""
    require(context(), "rules.read")
    found = Release.get_or_none(Release.fingerprint == fingerprint)
    return {} if found is None else dict(found.files)


class RulesDesk(Desk):
    @expose("/")
    def index(self) -> str:
        if city().find_release() is None:
            return self.render("kinerja/rules.html", release=None)
        release = publish.current(context())
        files = [describe(name, text) for name, text in sorted(texts(release.fingerprint).items()) if name.endswith(".yaml")]
        groups = tuple(Group(kind, tuple(file for file in files if file.kind == kind)) for kind in KINDS)
        shown = tuple(group for group in groups if group.rows)
        return self.render("kinerja/rules.html", release=release.fingerprint, release_view=release, files=files, groups=shown)

    @expose("/berkas")
    def show(self) -> Any:
        file, asked = request.args.get("file", "").removeprefix("rules/"), request.args.get("fingerprint", "")
        current = city().find_release()
        fingerprint = asked if _FINGERPRINT.match(asked) else current.fingerprint if current else ""
        held = texts(fingerprint)
        if file not in held:
            raise not_found()
        rule = describe(file, held[file]) if file.endswith(".yaml") else None
        return self.render(
            "kinerja/rule.html",
            file=file,
            title=rule.title if rule else file,
            authority=rule.authority if rule else (),
            fingerprint=fingerprint,
            lines=held[file].splitlines(),
        )
