"""One open city: its folder, store and clock, and what is built from the store on demand (rules, engines, processes).

Nothing here outlives its source: a policy is rebuilt from the release's stored files, a process from its stored version, so that
a restart between any two steps changes nothing and a running case never depends on a file somebody is editing.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ..core.clock import Clock
from ..core.errors import NotFoundError
from ..core.findings import Finding
from ..engine import Engine
from ..engine.reactions import Happening, Reacted, react
from ..policy.model import Policy
from ..process import Calendar, ProcessDefinition, build_process, load_calendar
from ..settings import Settings, shipped
from ..store import models as db
from ..store.database import Store
from ..store.queries import Organisation, UnitTree
from .engines import Engines
from .files import materialise
from .reading import RELEASE

NEWEST = (db.ProcessVersion.loaded_at.desc(), db.ProcessVersion.id.desc())
"""Order of a process's versions: the one loaded last first; an earlier one that is loaded again comes first again."""

Operation = Callable[[Any, Any, dict[str, Any]], dict[str, Any]]
"""What a service or business-rule task of a process calls: (context, case, process data) → values to lay into that data."""


class City:
    """Open with `City(settings, store, clock, OPERATIONS)`; close when done (engines are worker processes).

    operations: what the tasks of its processes may call, by name.
    engines: shared with other cities of the process; by default its own, closed with it.
    """

    def __init__(
        self, settings: Settings, store: Store, clock: Clock, operations: Mapping[str, Operation], *, engines: Engines | None = None
    ) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.operations = operations
        self._lock = threading.RLock()
        self._own_engines = engines is None
        self._engines = engines or Engines(settings.folder / "cache" / "releases")
        self._definitions: dict[str, ProcessDefinition] = {}
        self._calendar: tuple[tuple[tuple[str, int], ...], Calendar | None] | None = None
        self._units: tuple[tuple[int, int], UnitTree] | None = None
        self._organisation: tuple[tuple[Any, ...], Organisation] | None = None

    @property
    def engines(self) -> Engines:
        """What this city computes with, for another that shares it."""
        return self._engines

    # ── place and time ────────────────────────────────────────────────────────────────────────────────────────────────
    @property
    def folder(self) -> Path:
        return self.settings.folder

    @property
    def letters(self) -> Path:
        return self.settings.letters

    def today(self) -> date:
        return self.clock.now().date()

    @property
    def units(self) -> UnitTree:
        """The organisation tree, read again only after a change."""
        stamp = UnitTree.stamp()
        if self._units is None or self._units[0] != stamp:
            self._units = (stamp, UnitTree.load())
        return self._units[1]

    def organisation(self, day: date) -> Organisation:
        """Who leads what, who is away, who is tied, on a day; read again only after a change."""
        stamp = (day, *Organisation.stamp(self.store.database))
        if self._organisation is None or self._organisation[0] != stamp:
            self._organisation = (stamp, Organisation.load(day))
        return self._organisation[1]

    # ── rules ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def release(self) -> Any:
        """The published release in force for new evaluations; NotFoundError(`belum_ada_rilis`) before the first."""
        row = self.find_release()
        if row is None:
            raise NotFoundError(
                "belum_ada_rilis",
                "belum ada rilis aturan yang diterbitkan",
                "no release of rules has been published",
                remedy_id="ajukan aturan, lalu minta pejabat penetap menyetujuinya",
                remedy_en="submit the rules, then have the second signatory approve them",
            )
        return row

    @staticmethod
    def find_release() -> Any:
        published = db.Release.select(*RELEASE).where(db.Release.state == "published")
        return published.order_by(db.Release.published_at.desc(), db.Release.id.desc()).first()

    def policy(self, fingerprint: str) -> Policy:
        """The compiled rules of a release; NotFoundError(`rilis_tidak_ada`)."""
        return self._built(fingerprint)[0]

    def evaluate(self, fingerprint: str, document: Mapping[str, Any], on: date) -> Finding:
        """Both engines on one facts document; raises what the engines raise."""
        return self._engines.evaluate(self._built(fingerprint)[1], document, on)

    def decide(self, fingerprint: str, decision: str, given: Mapping[str, Any], on: date) -> Finding:
        """Both engines on one decision alone."""
        return self._engines.decide(self._built(fingerprint)[1], decision, given, on)

    def whatif(self, fingerprint: str, document: Mapping[str, Any], on: date) -> dict[str, Any]:
        """What lifts a case: {now, next, changes, alternatives, margin, text}; raises what the engines raise."""
        return self._engines.whatif(self._built(fingerprint)[1], document, on)

    def react(self, fingerprint: str, found: Sequence[Happening], on: date, known: Sequence[str]) -> tuple[Reacted, ...]:
        """What the reactions of a release find among the happenings of one case, without the `known` keys; both matchers."""
        return react(self._built(fingerprint)[1], found, on, known)

    def fact_values(self, name: str) -> Sequence[str]:
        """The values that the vocabulary of the release in force allows a fact, by its full name `kasus.perilaku_kerja`."""
        entity, _, fact = name.partition(".")
        try:
            return self.policy(self.release().fingerprint).vocabulary.entities[entity].facts[fact].type.values
        except KeyError as error:
            raise NotFoundError("fakta_tidak_dikenal", f"fakta “{name}” tidak dikenal", f'unknown fact "{name}"') from error

    def _built(self, fingerprint: str) -> tuple[Policy, Engine]:
        try:
            return self._engines.get(fingerprint, None)
        except KeyError:
            row: Any = db.Release.get_or_none(db.Release.fingerprint == fingerprint)
        if row is None:
            raise NotFoundError("rilis_tidak_ada", f"rilis {fingerprint[:12]} tidak ada", f"no release {fingerprint[:12]}")
        return self._engines.get(fingerprint, row.files)

    # ── processes ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def definition(self, row: Any) -> ProcessDefinition:
        """The process definition of a stored version (a ProcessVersion row; its files are read only when needed)."""
        with self._lock:
            if row.version not in self._definitions:
                files = db.ProcessVersion.get_by_id(row.id).files
                self._definitions[row.version] = build_process(row.process, files, tuple(self.operations))
            return self._definitions[row.version]

    @staticmethod
    def process_version(process: str) -> Any:
        """The newest stored version of a process; NotFoundError(`proses_tidak_ada`)."""
        row = db.ProcessVersion.select().where(db.ProcessVersion.process == process).order_by(*NEWEST).first()
        if row is None:
            raise NotFoundError(
                "proses_tidak_ada",
                f"proses “{process}” belum dimuat",
                f'process "{process}" has not been loaded',
                remedy_id="muat berkas prosesnya",
                remedy_en="load its process file",
            )
        return row

    def template_folder(self, row: Any) -> Path:
        """The folder of letter templates of a stored process version."""
        folder = materialise(self.folder / "cache" / "processes" / row.version, row.files)
        return Path(folder, row.process, "letters")

    @property
    def calendar(self) -> Calendar | None:
        """Working days of the city: its own `config/calendars`, else those shipped; None where there are none.

        A file that is added or changed while the city is open counts from then on.
        """
        own = self.folder / "config" / "calendars"
        folder = own if own.is_dir() else shipped("config") / "calendars"
        stand = tuple(sorted((file.name, file.stat().st_mtime_ns) for file in os.scandir(folder))) if folder.is_dir() else ()
        known = self._calendar
        if known is None or known[0] != stand:
            known = self._calendar = (stand, load_calendar(folder) if stand else None)
        return known[1]

    def close(self) -> None:
        if self._own_engines:
            self._engines.close()
        self.store.close()

    def __enter__(self) -> City:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
