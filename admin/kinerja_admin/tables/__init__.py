"""Registers: Flask-Admin lists over the store. Organisation data is edited here (through the services); records are only read."""

from __future__ import annotations

from ..base import Register
from . import accounts, organisation, records


def registers() -> tuple[Register, ...]:
    """In the order of the menu."""
    return (*organisation.registers(), *accounts.registers(), *records.registers())


__all__ = ["registers"]
