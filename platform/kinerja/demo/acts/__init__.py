"""The acts of the demo city, one module a subject; each offers `ACTS`."""

from __future__ import annotations

from itertools import chain

from ..act import Act
from . import adoption, assessment, cycle, discipline, evidence, forecast, objection, pay, plans, reward, staff, workshop

_MODULES: tuple[tuple[Act, ...], ...] = (
    pay.ACTS, objection.ACTS, adoption.ACTS, forecast.ACTS, assessment.ACTS, staff.ACTS, workshop.ACTS, cycle.ACTS,
    plans.ACTS, discipline.ACTS, evidence.ACTS, reward.ACTS,
)  # fmt: skip

ACTS: tuple[Act, ...] = tuple(chain.from_iterable(_MODULES))
