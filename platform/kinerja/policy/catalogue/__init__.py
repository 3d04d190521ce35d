"""The diagnostic codes, as data. Codes are stable: never reused, never given another meaning."""

from .dmn import DMN
from .kind import Kind
from .meaning import MEANING
from .proof import PROOF
from .writing import WRITING

CATALOGUE: dict[str, Kind] = {**WRITING, **MEANING, **PROOF, **DMN}

__all__ = ["CATALOGUE", "Kind"]
