"""Names of DMN → names of rule files: "Monthly Salary" → monthly_salary, one for each, never two for one."""

from __future__ import annotations

import re
import unicodedata

from ....feel.builtins import BUILT_INS
from ...assemble.expressions import RESERVED

_TAKEN = frozenset({*RESERVED, *BUILT_INS, "kasus", "catatan", "note", "partial"})
MOST = 60


class Names:
    """The same name of the model has the same name in the rule files, whatever it names."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {"?": "?", "item": "item", "partial": "partial"}
        self._used: set[str] = set()

    def of(self, name: str) -> str:
        if name not in self._found:
            self._found[name] = self._fresh(name)
        return self._found[name]

    def _fresh(self, name: str) -> str:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", plain)  # monthlySalary, DTIRatio
        base = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:MOST] or "nama"
        if not base[0].isalpha():
            base = f"n_{base}"
        made, number = base, 2
        while made in _TAKEN or made in self._used:
            made, number = f"{base}_{number}", number + 1
        self._used.add(made)
        return made
