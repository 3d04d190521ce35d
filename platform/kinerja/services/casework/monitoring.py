"""While work goes on: progress, feedback both ways, coaching, quarter reviews; and measurements that are disputed and held.

A disputed measurement is held until the appraiser's superior (or HR) decides; a held one is used in no evaluation, and the
indicator counts as not rated, never as nought. Upheld, it stays out until another is recorded; dismissed, it counts again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from ...core.errors import ConflictError, ForbiddenError, InputError, NotFoundError, Place
from ...process.answers import read
from ...process.forms import Field, Text
from ...store import models as db
from ...store.queries import objects
from ..acts import Done, changed, perform
from ..context import SYSTEM, Context, allowed, relations, require
from ..custody import PREFIX, Evidence, filed, take
from ..evaluation.decide import DISPUTED
from ..evaluation.measure import EVENTS, REPORTING, TEAM, report
from ..notices import tell
from ..reading import latest_measurements, load_case, open_disputes
from ..staff.duties import require_untied
from ..views import Receipt
from . import plans, tasks

LEAST_TEXT = 10
PROGRESS = "kemajuan"
ACTUAL = Field(
    "realisasi", Text("Realisasi", "Actual"), "number", Place("pemantauan"), low=Fraction(0), high=Fraction(10**9), scale=4
)
LEADERS_ONLY = ("bimbingan", "tinjauan_triwulan")
MEASURING = ("pelaksanaan", "penilaian")
NOTE_NEWS = Text("Ada catatan baru pada penilaian {nama} ({siklus}).", "There is a new note on the appraisal of {nama} ({siklus}).")
DISPUTE_NEWS = Text("Realisasi {nama} ({siklus}) disanggah dan ditahan.", "An actual of {nama} ({siklus}) is disputed and held.")
DECIDED_NEWS = Text(
    "Sanggahan atas realisasi {nama} ({siklus}) sudah diputus.", "The dispute on an actual of {nama} ({siklus}) is decided."
)


@dataclass(frozen=True, slots=True)
class Note:
    id: int
    kind: str
    item: str
    text: str
    evidence: str
    author_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputeView:
    """state: open, upheld, dismissed. may_decide: the actor is the one who may. evidence: "" where none was given."""

    id: int
    item: str
    value: Any
    source: str
    reason: str
    raised_name: str
    raised_at: datetime
    state: str
    decision: str
    decided_name: str
    may_decide: bool
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Monitoring:
    """expired: codes of indicators whose period is over without an actual. may_write, may_dispute: of the actor; reportable: codes
    of the indicators whose actual they may record with a remark on progress."""

    notes: tuple[Note, ...]
    disputes: tuple[DisputeView, ...]
    expired: frozenset[str]
    may_write: tuple[str, ...]
    may_dispute: bool
    reportable: tuple[str, ...] = ()


def note(
    context: Context,
    case_id: int,
    kind: str,
    text: str,
    item: str = "",
    evidence: Evidence = "",
    value: Fraction | None = None,
    key: str | None = None,
) -> Receipt:
    """Write a remark on a case, for both sides to read; the other side is told. values: {note, evidence}.

    kind: kemajuan, umpan_balik, bimbingan, tinjauan_triwulan, dialog_skp; coaching and reviews are for appraiser and superior, talk
    about the plan is for as long as the plan, or a change of it, is open.
    evidence: words, a link, or a file. value: what the indicator `item` has come to, recorded with the remark; its evidence is then
    required. Raises ForbiddenError(`bukan_catatan_anda`), InputError, what `custody.take` and `measure.report` raise.
    """

    def work() -> Done:
        case = load_case(case_id)
        require(context, "case.note", case)
        if kind not in kinds_for(context, case):
            raise ForbiddenError(
                "bukan_catatan_anda",
                f"catatan “{kind}” bukan bagian Anda pada kasus ini",
                f'notes of the kind "{kind}" are not yours on this case',
                remedy_id="yang boleh: " + (", ".join(kinds_for(context, case)) or "–"),
                remedy_en="you may write: " + (", ".join(kinds_for(context, case)) or "–"),
            )
        _long_enough(text, "catatan", "note")
        if item:
            _item(case_id, item)
        proof = take(context, case, evidence)
        measured = _progress(context, case, kind, item, value, proof, text) if value is not None else {}
        at = context.city.clock.now()
        row = db.CaseNote.create(
            case=case, kind=kind, item=item, text=text.strip(), evidence=proof, author=context.actor.id,
            author_name=context.actor.name, written_at=at,
        )  # fmt: skip
        _tell_others(context, case, NOTE_NEWS)
        return Done(
            f"case:{case_id}",
            f"Catatan disimpan pada penilaian {case.person.name}" + (f", realisasi {item} dicatat" if measured else ""),
            f"Note kept with the appraisal of {case.person.name}" + (f", actual of {item} recorded" if measured else ""),
            payload={"kind": kind, "item": item, "note": row.id, **measured, **filed(proof)},
            values={"note": row.id, "evidence": proof},
        )

    return perform(context, "case.note", work, key)


def _progress(context: Context, case: Any, kind: str, item: str, value: Fraction, proof: str, text: str) -> dict[str, Any]:
    """The actual that a remark on progress brings. Raises InputError(`bukan_kemajuan`, `indikator_wajib`)."""
    if kind != PROGRESS:
        raise InputError(
            "bukan_kemajuan", "realisasi hanya dicatat bersama catatan kemajuan", "an actual comes with a remark on progress only"
        )
    if not item:
        raise InputError("indikator_wajib", "sebutkan indikatornya", "name the indicator")
    digest = proof.removeprefix(PREFIX) if proof.startswith(PREFIX) else ""
    named = db.EvidenceFile.get(db.EvidenceFile.case == case.id, db.EvidenceFile.sha256 == digest).name if digest else proof
    return report(context, case, item, value, named, " ".join(text.split()), digest)


def dispute(context: Context, case_id: int, item: str, reason: str, evidence: Evidence = "", key: str | None = None) -> Receipt:
    """Say that the actual of an indicator is wrong: it is held until decided. By the employee or the appraiser.

    Raises ConflictError(`belum_ada_realisasi`, `sudah_disanggah`, `terlambat_menyanggah`). values: {dispute}.
    """

    def work() -> Done:
        case = load_case(case_id)
        require(context, "measure.dispute", case)
        _long_enough(reason, "alasan", "reason")
        if case.state != "open" or case.stage not in MEASURING:
            raise ConflictError(
                "terlambat_menyanggah",
                "realisasi hanya dapat disanggah sebelum hasil dihitung",
                "an actual can be disputed only before the result is computed",
                remedy_id="sesudah hasil terbit, ajukan keberatan",
                remedy_en="once the result is out, object",
            )
        row = _item(case_id, item)
        measurement: Any = (
            db.Measurement.select().where(db.Measurement.plan_item == row.id).order_by(db.Measurement.id.desc()).first()
        )
        if measurement is None:
            raise ConflictError(
                "belum_ada_realisasi", f"indikator {item} belum punya realisasi", f"indicator {item} has no actual yet"
            )
        if db.Dispute.get_or_none(db.Dispute.measurement == measurement.id) is not None:
            raise ConflictError(
                "sudah_disanggah", f"realisasi {item} sudah pernah disanggah", f"the actual of {item} was disputed before"
            )
        proof = take(context, case, evidence)
        at = context.city.clock.now()
        held = db.Measurement.update(held=True).where(db.Measurement.id == measurement.id, db.Measurement.held == False)  # noqa: E712
        changed(held.execute(), "realisasi ini baru saja ditahan", "this actual has just been held")
        found = db.Dispute.create(
            measurement=measurement, case=case, item=item, reason=reason.strip(), raised_by=context.actor.id,
            raised_name=context.actor.name, raised_at=at, evidence=proof,
        )  # fmt: skip
        _tell_others(context, case, DISPUTE_NEWS)
        return Done(
            f"case:{case_id}",
            f"Realisasi {item} – {case.person.name} disanggah dan ditahan",
            f"Actual of {item} of {case.person.name} disputed and held",
            payload={
                "indicator": item,
                "value": measurement.value,
                "dispute": found.id,
                "reason": reason.strip(),
                **filed(proof),
            },
            values={"dispute": found.id},
        )

    return perform(context, "measure.dispute", work, key)


def decide_dispute(context: Context, dispute_id: int, upheld: bool, reason: str, key: str | None = None) -> Receipt:
    """Decide a dispute. upheld: the measurement stays out, another must be recorded; else it counts again.

    By the appraiser's superior or HR; never by who raised it or who recorded the measurement (ForbiddenError(`pemutus_terlibat`)).
    A result that waited for it is computed once the last dispute is dismissed; where one is upheld, HR lets the case go on after
    the measurement that takes its place.
    """

    def work() -> Done:
        row: Any = db.Dispute.get_or_none(db.Dispute.id == dispute_id)
        if row is None:
            raise NotFoundError("sanggahan_tidak_ada", "sanggahan ini tidak ada", "there is no such dispute")
        case = load_case(row.case_id)
        require(context, "measure.decide", case)
        require_untied(context, case)
        _uninvolved(context, case, row)
        _long_enough(reason, "alasan", "reason")
        at = context.city.clock.now()
        update = db.Dispute.update(
            state="upheld" if upheld else "dismissed", decision=reason.strip(), decided_by=context.actor.id,
            decided_name=context.actor.name, decided_at=at,
        )  # fmt: skip
        met = update.where(db.Dispute.id == dispute_id, db.Dispute.state == "open").execute()
        changed(met, "sanggahan ini sudah diputus", "this dispute has been decided already")
        if not upheld:
            db.Measurement.update(held=False).where(db.Measurement.id == row.measurement_id).execute()
        tell(context, case, [case.person_id], DECIDED_NEWS)
        return Done(
            f"case:{case.id}",
            f"Sanggahan atas {row.item}: " + ("diterima, realisasi tidak dipakai" if upheld else "ditolak, realisasi dipakai lagi"),
            f"Dispute on {row.item}: " + ("upheld, the actual is not used" if upheld else "dismissed, the actual counts again"),
            payload={"dispute": dispute_id, "upheld": upheld, "reason": reason.strip()},
        )

    receipt = perform(context, "measure.decide", work, key)
    if not upheld:
        _go_on(context, dispute_id)
    return receipt


def _go_on(context: Context, dispute_id: int) -> None:
    """Try again what waited for the dispute, in the city's name; somebody else may have done so already."""
    row: Any = db.Dispute.get_by_id(dispute_id)
    case_id = row.case_id
    waiting = (db.Incident.case == case_id) & (db.Incident.code == DISPUTED) & (db.Incident.state == "open")
    if open_disputes([case_id]):
        return
    for incident in list(objects(db.Incident.select().where(waiting).order_by(db.Incident.id))):
        try:
            tasks.resume(Context(context.city, SYSTEM), incident.id)
        except ConflictError:
            continue


def monitoring(context: Context, case_id: int) -> Monitoring:
    """Remarks and disputes of a case, for those who may read it."""
    case = load_case(case_id)
    require(context, "case.read", case)
    notes = objects(db.CaseNote.select().where(db.CaseNote.case == case_id).order_by(db.CaseNote.id.desc()))
    disputes = objects(
        db.Dispute.select(db.Dispute, db.Measurement).join(db.Measurement).where(db.Dispute.case == case_id).order_by(db.Dispute.id)
    )
    return Monitoring(
        tuple(Note(row.id, row.kind, row.item, row.text, row.evidence, row.author_name, row.written_at) for row in notes),
        tuple(_view(context, case, row) for row in disputes),
        expired=_expired(context, case),
        may_write=kinds_for(context, case),
        may_dispute=case.state == "open" and case.stage in MEASURING and allowed(context, "measure.dispute", case),
        reportable=_reportable(context, case),
    )


def read_actual(text: str) -> Fraction | None:
    """What somebody typed for an actual, with comma or point; None where nothing was. Raises InputError."""
    value = read(ACTUAL, text, None)
    return value if isinstance(value, Fraction) else None


def kinds_for(context: Context, case: Any) -> tuple[str, ...]:
    """The kinds of remarks the actor may write on a case."""
    standing = relations(context.actor, case)
    if not allowed(context, "case.note", case):
        return ()
    leads = bool(standing & {"appraiser", "superior"})
    return tuple(
        kind for kind in db.NOTE_KINDS if (leads or kind not in LEADERS_ONLY) and (kind != plans.TALK or plans.is_open(case))
    )


def _view(context: Context, case: Any, row: Any) -> DisputeView:
    may = row.state == "open" and allowed(context, "measure.decide", case)
    if may:
        try:
            _uninvolved(context, case, row)
            require_untied(context, case)
        except ForbiddenError:
            may = False
    return DisputeView(
        row.id, row.item, row.measurement.value, row.measurement.evidence.get("source", ""), row.reason, row.raised_name,
        row.raised_at, row.state, row.decision, row.decided_name, may, row.evidence,
    )  # fmt: skip


def _uninvolved(context: Context, case: Any, row: Any) -> None:
    actor = context.actor
    if actor.id in (row.raised_by, row.measurement.recorded_by) or "self" in relations(actor, case):
        raise ForbiddenError(
            "pemutus_terlibat",
            f"{actor.name} menyanggah atau mencatat realisasi ini",
            f"{actor.name} disputed or recorded this actual",
            remedy_id=f"yang boleh: {case.superior.name if case.superior_id else 'BKPSDM'}, atau petugas BKPSDM lain",
            remedy_en=f"who may: {case.superior.name if case.superior_id else 'HR'}, or another officer of HR",
        )


def _expired(context: Context, case: Any) -> frozenset[str]:
    if context.city.today() <= case.last:
        return frozenset()
    measured = latest_measurements([case.id])
    items: Iterable[Any] = objects(db.PlanItem.select().where(db.PlanItem.case == case.id, db.IN_FORCE))
    return frozenset(row.code for row in items if row.id not in measured)


def _reportable(context: Context, case: Any) -> tuple[str, ...]:
    """Indicators whose actual the employee may record now."""
    if case.state != "open" or case.stage not in REPORTING or "self" not in relations(context.actor, case):
        return ()
    disputed = open_disputes([case.id])
    items = objects(db.PlanItem.select().where(db.PlanItem.case == case.id, db.IN_FORCE).order_by(db.PlanItem.ordinal))
    return tuple(row.code for row in items if row.source not in (EVENTS, TEAM) and row.id not in disputed)


def _item(case_id: int, code: str) -> Any:
    row = db.PlanItem.get_or_none(db.PlanItem.case == case_id, db.PlanItem.code == code, db.IN_FORCE)
    if row is None:
        raise NotFoundError("indikator_tidak_ada", f"indikator {code} tidak ada di kasus ini", f"no indicator {code} in this case")
    return row


def _long_enough(text: str, what: str, what_en: str) -> None:
    if len(text.strip()) < LEAST_TEXT:
        raise InputError(
            "teks_terlalu_pendek",
            f"tulis {what}, paling sedikit {LEAST_TEXT} huruf",
            f"write the {what_en}, at least {LEAST_TEXT} characters",
        )


def _tell_others(context: Context, case: Any, news: Text) -> None:
    """The employee and their appraiser, whichever of them is not the actor; a dispute reaches the superior too."""
    people = [case.person, case.appraiser] + ([case.superior] if news is DISPUTE_NEWS else [])
    tell(context, case, [person.id for person in people if person is not None and person.nip != context.actor.nip], news)
