"""Compiled rules and running engines by release: a few at a time, rebuilt from the release's stored files when asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ..core.errors import IncidentError
from ..core.findings import Finding
from ..engine import Engine
from ..policy import load_policy
from ..policy.model import Policy
from .files import materialise

MAX_ENGINES = 3


class Engines:
    """Keeps the engines of the last few releases. Safe for threads: one case at a time goes through an engine.

    time_limit: seconds an engine may take for one case before the case becomes an incident.
    """

    def __init__(self, folder: Path, time_limit: float = 10) -> None:
        self.folder = folder
        self.time_limit = time_limit
        self._lock = threading.RLock()
        self._built: OrderedDict[str, tuple[Policy, Engine]] = OrderedDict()

    def get(self, fingerprint: str, files: Mapping[str, str] | None) -> tuple[Policy, Engine]:
        """Policy and engine of a release. files: its stored files, needed when it is not built yet; KeyError without them.

        Raises IncidentError(`rilis_berubah`) when this software reads another meaning from the files than was published.
        """
        with self._lock:
            if fingerprint in self._built:
                self._built.move_to_end(fingerprint)
                return self._built[fingerprint]
            if files is None:
                raise KeyError(fingerprint)
            policy = load_policy(materialise(self.folder / fingerprint / "rules", files))
            if policy.fingerprint != fingerprint:
                raise IncidentError(
                    "rilis_berubah",
                    f"rilis {fingerprint[:12]} yang dibaca kembali bersidik {policy.fingerprint[:12]}",
                    f"release {fingerprint[:12]} reads back as {policy.fingerprint[:12]}",
                    remedy_id="pakai versi perangkat lunak yang menerbitkannya, atau terbitkan rilis baru",
                    remedy_en="use the software version that published it, or publish a new release",
                )
            self._built[fingerprint] = (policy, Engine(policy, time_limit=self.time_limit))
            while len(self._built) > MAX_ENGINES:
                _, (_, old) = self._built.popitem(last=False)
                old.close()
            return self._built[fingerprint]

    def evaluate(self, engine: Engine, document: Mapping[str, Any], on: date) -> Finding:
        with self._lock:
            return engine.evaluate(document, on)

    def decide(self, engine: Engine, decision: str, given: Mapping[str, Any], on: date) -> Finding:
        with self._lock:
            return engine.decide(decision, given, on)

    def whatif(self, engine: Engine, document: Mapping[str, Any], on: date) -> dict[str, Any]:
        with self._lock:
            return engine.whatif(document, on=on).as_json()

    def close(self) -> None:
        with self._lock:
            while self._built:
                _, (_, engine) = self._built.popitem()
                engine.close()
