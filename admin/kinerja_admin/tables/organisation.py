"""Units, posts, people, assignments and accounts: read by those who need them, changed by administrators through the services."""

from __future__ import annotations

from typing import Any, ClassVar

from wtforms import StringField
from wtforms.validators import InputRequired, Length, Regexp

from kinerja.store import models as db

from ..base import Register
from .scope import in_units

READERS = frozenset({"administrator", "bkpsdm", "auditor"})
EDITORS = frozenset({"administrator", "bkpsdm"})


def choices(values: tuple[str, ...], labels: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(value, (labels or {}).get(value, value)) for value in values]


class Organisation(Register):
    roles = READERS
    editors = EDITORS
    group = "Organisasi"


def registers() -> tuple[Register, ...]:
    return ()


__all__ = ["InputRequired", "Length", "Organisation", "Regexp", "StringField", "choices", "db", "in_units", "registers", "Any", "ClassVar"]
