"""The names of FEEL's built-in functions."""

from __future__ import annotations

from ...feel.builtins import BUILT_INS as _REGISTER

BUILT_INS: frozenset[str] = frozenset(_REGISTER)
