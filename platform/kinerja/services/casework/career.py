"""What a result leads to by the rules, shown with why: award, career gate, talent box, and what unexcused absence would call for.

Nothing here acts: certificates are written by the process (`followup`), and a sanction is only ever somebody's decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ...core.errors import KinerjaError
from ...store import models as db
from ...store.queries import rows
from ..context import Context
from ..evaluation.chaining import ask
from ..papers.letterbook import DECREE
from ..pay.facts import RATED, ratings_in_force
from .discipline import absences

SHOWN = ("penghargaan", "gerbang_kenaikan", "kotak_talenta", "hukuman_disiplin")
"""Decisions shown beside a result, in this order, where the release has them."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """One decision about what follows. outputs: (label id, label en, value). missing: why it cannot be told yet (id, en)."""

    decision: str
    title_id: str
    title_en: str
    outputs: tuple[tuple[str, str, Any], ...]
    trace: tuple[Mapping[str, Any], ...]
    release: str
    missing: tuple[str, str] = ("", "")


def outlook(context: Context, case: Any, evaluation: Any) -> tuple[Outlook, ...]:
    """What the release of an evaluation says of each; empty for cases that are not evaluated or no appraisal."""
    if evaluation is None or case.cycle_id is None:
        return ()
    fingerprint = evaluation.release.fingerprint
    policy = context.city.policy(fingerprint)
    facts = _facts(context, case, evaluation)
    found = []
    for name in SHOWN:
        if name not in policy.decisions:
            continue
        decision, _ = policy.decision(name, evaluation.on_day)
        labels = (name, decision.label.id, decision.label.en)
        try:
            answer = ask(context.city, fingerprint, name, facts, evaluation.on_day)
        except KinerjaError as error:
            found.append(Outlook(*labels, (), (), fingerprint, (error.text_id, error.text_en)))
            continue
        outputs = tuple((one.label.id, one.label.en, answer.outputs[f"{name}.{one.name}"]) for one in decision.outputs)
        found.append(Outlook(*labels, outputs, tuple(answer.steps[-1]["trace"]), fingerprint))
    return tuple(found)


def _facts(context: Context, case: Any, evaluation: Any) -> dict[str, Any]:
    """What is known; a fact that is not stays out, so that the rules name it."""
    outputs, kasus = evaluation.finding["outputs"], evaluation.facts["kasus"]
    counted = absences(case.person_id, date(case.last.year, 12, 31))
    known = {
        RATED: outputs.get("predikat"),
        "kasus.hari_absen": kasus.get("hari_absen"),
        "kepegawaian.predikat_tahun_ini": outputs.get("predikat"),
        "kepegawaian.predikat_tahun_lalu": _earlier(case, context.city.today()),
        "kepegawaian.hari_tanpa_alasan": counted.total,
        "kepegawaian.hari_berturut": counted.longest,
        "talenta.kinerja": outputs.get("hasil_kerja_akhir"),
        "talenta.potensi": _potential(case.person_id, context.city.today()),
    }
    return {name: value for name, value in known.items() if value is not None}


def _earlier(case: Any, today: date) -> str | None:
    """The rating in force before this case was decided."""
    decree = (
        db.Letter.select(db.Letter.issued_at).join(db.LetterCase).where(db.LetterCase.case == case.id, db.Letter.kind == DECREE)
    )
    first = decree.order_by(db.Letter.id).first()
    day = today if first is None else first.issued_at.date() - timedelta(days=1)
    rated = ratings_in_force([case.person_id], day).get(case.person_id)
    return None if rated is None else rated.rating


def _potential(person: int, day: date) -> str | None:
    record = db.PersonnelRecord
    mine = record.select(record.value).where(record.person == person, record.aspect == "potensi", record.day <= day)
    return next((value for (value,) in rows(mine.order_by(record.day.desc()).limit(1))), None)
