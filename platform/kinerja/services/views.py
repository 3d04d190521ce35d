"""What services answer with: frozen values that the console and the command line print as they are.

Numbers are Fraction (exact), instants datetime in WIB, days date. Ids are database keys of the same city.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from ..process import WaitingTimer
from ..process.forms import Form


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to an act that changed something. seq, hash: its ledger entry. held: id of the incident the act waits on.

    values: plain results of the act (ids, counts). The same idempotency key brings the same receipt.
    """

    act: str
    subject: str
    at: datetime
    seq: int
    hash: str
    text_id: str
    text_en: str
    held: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskView:
    """state: ready, held (an incident waits), done, cancelled. assignee: NIP, or "" where anyone in `role` may do it.

    A case outside a cycle has a subject; one about no person has nip "" and its title stands as `person`.
    """

    id: int
    task: str
    title: str
    role: str
    stage: str
    form: str
    state: str
    case_id: int
    cycle: str
    nip: str
    person: str
    position: str
    unit: str
    agency: str
    assignee: str
    ready_at: datetime
    due: datetime | None
    overdue: bool
    subject: str = ""
    title_en: str = ""

    @property
    def words(self) -> dict[str, str]:
        """The title in both languages."""
        return {"id": self.title, "en": self.title_en}


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case outside a cycle has cycle "" and a subject; one about no person has nip "" and its title stands as `person`."""

    id: int
    cycle: str
    cycle_title: str
    nip: str
    person: str
    rank: str
    status: str
    position: str
    job_class: int
    level: str | None
    unit: str
    agency: str
    first: date
    last: date
    stage: str
    state: str
    rating: str | None
    appraiser: str
    superior: str
    chain_note: str
    incidents: int = 0
    subject: str = ""
    title: str = ""
    parent: int | None = None
    process: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """Custody of a measurement. source: file or statement; sha256 "" where no file; count: records used; method: the statistic."""

    source: str
    sha256: str
    count: int | None
    period: str
    method: str
    recorded_by: str
    recorded_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class ItemView:
    """One indicator. actual None: not yet measured. achievement: of the latest evaluation. share: see
    `evaluation.shares.Divided`."""

    id: int
    code: str
    label_id: str
    label_en: str
    polarity: str
    target: Fraction
    target_high: Fraction | None
    weight: Fraction
    unit: str
    source: str
    statistic: str
    standard: str
    place: str
    actual: Fraction | None
    evidence: EvidenceView | None
    achievement: Fraction | None = None
    share: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RubricView:
    """How a total came about. scores: {criterion, label: {id, en}, score, comment, evidence}, in the rule file's order.

    release: fingerprint; trace: entries as in `EvaluationView`.
    """

    decision: str
    release: str
    total: Fraction
    scores: tuple[Mapping[str, Any], ...]
    trace: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class JudgementView:
    """rubric: None where the judgement was given as it stands."""

    id: int
    role: str
    aspect: str
    value: Any
    reason: str
    evidence: str
    author: str
    author_name: str
    at: datetime
    rubric: RubricView | None = None


@dataclass(frozen=True, slots=True)
class EvaluationView:
    """outputs: output → value. items: entity → rows {kode, output: value}. trace: entries as core.findings.TraceEntry.as_json
    gives them. facts: the document the engines were given."""

    id: int
    on: date
    at: datetime
    release: str
    release_title: str
    outputs: Mapping[str, Any]
    items: Mapping[str, tuple[Mapping[str, Any], ...]]
    trace: tuple[Mapping[str, Any], ...]
    warnings: tuple[str, ...]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LetterView:
    """pdf: absolute path of the printed file, "" while not yet printed."""

    id: int
    kind: str
    number: str
    title: str
    unit: str
    case_id: int | None
    issued_at: datetime
    issued_by: str
    sample: bool
    pdf: str
    sha256: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    id: int
    case_id: int | None
    task_id: int | None
    person: str
    code: str
    text_id: str
    text_en: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    seq: int
    at: datetime
    actor: str
    act: str
    text: str


@dataclass(frozen=True, slots=True)
class PauseView:
    """A time in which a case stood still; resumed_at None while it does."""

    reason: str
    paused_by: str
    paused_at: datetime
    resumed_by: str
    resumed_at: datetime | None


@dataclass(frozen=True, slots=True)
class AssumptionView:
    """A fact no record gives: value supplied by the import's map, with the reason; printed as ASUMSI."""

    fact: str
    label: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What somebody answered in a task of the case. fields: (label id, label en, words id, words en) of those that were filled."""

    task: str
    title: str
    author: str
    at: datetime
    fields: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the leader expects under one value. guide: what the value asks of everybody. own: the words are this plan's, not the
    form's default."""

    value: str
    label_id: str
    label_en: str
    guide_id: str
    guide_en: str
    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a plan. answered_at None: the other side has not answered yet."""

    id: int
    number: int
    state: str
    since: date
    reason: str
    changes: tuple[Mapping[str, Any], ...]
    items: tuple[Mapping[str, Any], ...]
    proposed_name: str
    proposed_role: str
    proposed_at: datetime
    answered_name: str
    answered_role: str
    answered_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class Said:
    """One word in the talk about a plan."""

    author_name: str
    text: str
    item: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan of one case. serves, served_by: by code, `cascade.Link`s to the plans above and below. offered: (code, label id,
    label en) of the superior's results. understood: (who, when) of the standard read and understood. agreed: both have."""

    case: int
    items: tuple[ItemView, ...]
    expectations: tuple[Expectation, ...]
    understood: tuple[str, datetime] | None
    versions: tuple[VersionView, ...]
    talk: tuple[Said, ...]
    agreed: bool
    serves: Mapping[str, Any] = field(default_factory=dict)
    served_by: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    offered: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TaskPage:
    """All a person needs to do the task. form: labels, fields, options; defaults: field → value to begin with.

    choices: field → (value, label id, label en) for fields whose options come from the vocabulary. answers: what was said before in
    the same process, where it is not an appraisal (whose judgements stand apart). plan: of appraisals.
    """

    task: TaskView
    form: Form | None
    case: CaseSummary
    items: tuple[ItemView, ...]
    judgements: tuple[JudgementView, ...]
    evaluation: EvaluationView | None
    defaults: Mapping[str, Any]
    choices: Mapping[str, tuple[tuple[str, str, str], ...]]
    answers: tuple[AnswerView, ...] = ()
    plan: PlanView | None = None


@dataclass(frozen=True, slots=True)
class CasePage:
    """picture: SVG text of the process with the case's place marked. whatif: what lifts the case, None where nothing can.

    here: ids of the nodes of the picture where it is; waits: those of them that wait for their time.
    children: (id, title, stage) of cases that came from this one and that the reader may see. outlook: `career.Outlook` of each
    decision about what follows. firings: `reacting.FiringView` of each reaction that fired. plan: of appraisals.
    """

    case: CaseSummary
    picture: str
    here: tuple[str, ...]
    waits: tuple[WaitingTimer, ...]
    items: tuple[ItemView, ...]
    judgements: tuple[JudgementView, ...]
    evaluation: EvaluationView | None
    whatif: Mapping[str, Any] | None
    letters: tuple[LetterView, ...]
    tasks: tuple[TaskView, ...]
    incidents: tuple[IncidentView, ...]
    assumptions: tuple[AssumptionView, ...]
    timeline: tuple[TimelineEntry, ...]
    answers: tuple[AnswerView, ...] = ()
    children: tuple[tuple[int, str, str], ...] = ()
    outlook: tuple[Any, ...] = ()
    firings: tuple[Any, ...] = ()
    plan: PlanView | None = None


# ── planning a cycle ──────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class PlannedCase:
    """What opening would make of one employee. obstacles: why no case can be opened (text id, text en), () = ready; kinds: of each
    obstacle, see CyclePreview.reasons."""

    nip: str
    person: str
    position: str
    unit: str
    first: date
    last: date
    standard: str
    appraiser: str
    superior: str
    chain_note: str
    obstacles: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CyclePreview:
    code: str
    title: str
    first: date
    last: date
    ready: tuple[PlannedCase, ...]
    refused: tuple[PlannedCase, ...]
    years_without_calendar: tuple[int, ...] = ()
    years_estimated: tuple[int, ...] = ()

    @property
    def reasons(self) -> dict[str, int]:
        """Kind of obstacle (standar, pejabat_penilai, atasan, terlalu_singkat) → how many it keeps out."""
        return dict(Counter(kind for plan in self.refused for kind in plan.kinds))

    @property
    def passed_on(self) -> tuple[PlannedCase, ...]:
        """Those whom another than the nearest authority appraises, with the reason in their note."""
        return tuple(plan for plan in self.ready if plan.chain_note)


@dataclass(frozen=True, slots=True)
class CycleStatus:
    """undated: year → open tasks without a deadline, as no calendar knows that year; calendars: the files to add."""

    code: str
    title: str
    state: str
    first: date
    last: date
    cases: int
    by_stage: Mapping[str, int]
    by_rating: Mapping[str, int]
    overdue: int
    incidents: int
    undated: Mapping[int, int] = field(default_factory=dict)
    calendars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts for dashboards. allowance: Σ tpp_bruto of the latest evaluations, None (and no ratings) where they are too few to be
    shown to the reader; waiting: service → median minutes, exact."""

    cases: int
    agencies: int
    by_stage: Mapping[str, int]
    by_rating: Mapping[str, int]
    evaluations: int
    incidents: int
    allowance: Fraction | None
    letters: int
    waiting: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class ReleaseView:
    fingerprint: str
    title: str
    state: str
    author: str
    approver: str
    adopted: bool
    submitted_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """accepted: rows taken in; unchanged: True when this file was taken in before (nothing was done)."""

    id: int
    file: str
    sha256: str
    accepted: int
    rejected: tuple[Mapping[str, Any], ...]
    warnings: tuple[str, ...]
    unchanged: bool


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """bad: seq of the first entry that does not hold, None when all do."""

    count: int
    head: str
    bad: int | None
    reason_id: str
    reason_en: str
