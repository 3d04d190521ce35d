"""Decisions on paper: frozen view models in, deterministic PDF/A-3u bytes out.

Templates are HTML files of a workflow's `letters/` folder; they see plain values only, reach no network and no files, and run in a
worker that is killed when it takes too long or too much. Knows nothing of cases, engines or storage.
"""

from .discipline import AbsentDay, Band, BerkasPemeriksaan
from .follow_up import Change, CoachingStep, IncentiveRow, KeputusanInsentif, KeputusanKeberatan, Piagam, SuratPembinaan
from .payment import CorrectionRow, DaftarTpp, PaymentRow
from .plan import FormulirSkp, PlanRow
from .view_models import (
    AnnexRow,
    Assumption,
    Basis,
    Dates,
    DokumenEvaluasi,
    Expectation,
    IndicatorRow,
    Judgement,
    Keputusan,
    Letterhead,
    MoneyLine,
    Objection,
    Person,
    Provenance,
    Reason,
    Signatory,
    level_words,
    plain,
)
from .worker import LetterJob, LetterRenderer, Limits, render_pdf, shared_renderer

__all__ = [
    "AbsentDay",
    "AnnexRow",
    "Assumption",
    "Band",
    "Basis",
    "BerkasPemeriksaan",
    "Change",
    "CoachingStep",
    "CorrectionRow",
    "DaftarTpp",
    "Dates",
    "DokumenEvaluasi",
    "Expectation",
    "FormulirSkp",
    "IncentiveRow",
    "IndicatorRow",
    "Judgement",
    "Keputusan",
    "KeputusanInsentif",
    "KeputusanKeberatan",
    "LetterJob",
    "LetterRenderer",
    "Letterhead",
    "Limits",
    "MoneyLine",
    "Objection",
    "PaymentRow",
    "Person",
    "Piagam",
    "PlanRow",
    "Provenance",
    "Reason",
    "Signatory",
    "SuratPembinaan",
    "level_words",
    "plain",
    "render_pdf",
    "shared_renderer",
]
