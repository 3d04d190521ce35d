"""What follows a decision: a certificate where the rules award one, coaching where the review asked for it, papers for an
examination where absences reach a band. Never a sanction.

Run by the service task `follow_up` of `workflows/penilaian-kinerja`, once nothing can change the result any more.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from ...core.errors import NotFoundError
from ...core.indonesian import number
from ...letters import CoachingStep, Piagam, SuratPembinaan
from ...process import Text
from ...store import models as db
from ...store.queries import objects
from ..context import Context
from ..evaluation.chaining import ask
from ..notices import holders_of, tell
from ..papers.contents import letterhead, objection_days, person_of, provenance
from ..papers.letterbook import frame, issuing_unit, signatory_of, written
from ..pay.facts import RATED
from ..reading import latest_evaluation, load_case
from ..starting import Subject, start_case
from .discipline import start_if_reached

AWARD, CITY_AWARD, NONE = "penghargaan", "piagam_wali_kota", "tidak_ada"
CERTIFICATE, COACHING_LETTER, COACHING = "piagam", "surat_pembinaan", "pembinaan"
MONTHS = 6
FINDINGS = 5
NOT_LOADED = Text(
    "Tinjauan hasil {nama} meminta pembinaan, tetapi alur pembinaan belum dimuat.",
    "The review of {nama} asks for coaching, but the process for it has not been loaded.",
)


def follow_up(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The `follow_up` operation: values {penghargaan, pembinaan}: the award by the rules, the coaching case's id."""
    evaluation = latest_evaluation(case.id)
    award = _award(context, evaluation)
    if award not in (NONE, ""):
        _certificate(context, case, evaluation, award)
    coaching = _coach(context, case) if data.get("tindak_lanjut") == COACHING else None
    start_if_reached(context, case)
    return {"penghargaan": award or NONE, "pembinaan": None if coaching is None else Fraction(coaching)}


def _award(context: Context, evaluation: Any) -> str:
    """What the rules of the decision award; "" where they say nothing of awards."""
    facts = {RATED: evaluation.finding["outputs"].get("predikat"), "kasus.hari_absen": evaluation.facts["kasus"].get("hari_absen")}
    fingerprint = evaluation.release.fingerprint
    if AWARD not in context.city.policy(fingerprint).decisions:
        return ""
    return str(ask(context.city, fingerprint, AWARD, facts, evaluation.on_day).outputs[f"{AWARD}.{AWARD}"])


def _certificate(context: Context, case: Any, evaluation: Any, award: str) -> None:
    """Write the certificate, once a case; the mayor's is signed at the top of the tree."""
    if db.Letter.select().where(db.Letter.case == case.id, db.Letter.kind == CERTIFICATE).exists():
        return
    organisation = context.city.organisation(context.city.today())
    top = organisation.tree.chain(case.unit_id)[-1]
    unit = top if award == CITY_AWARD and top.id in organisation.leaders else issuing_unit(context, organisation, case)
    cited = [(evaluation.release, entry["citations"]) for entry in evaluation.finding["trace"]]
    issue = frame(context, organisation, unit, CERTIFICATE, evaluation.release, cited)
    outputs, absent = evaluation.finding["outputs"], evaluation.facts["kasus"].get("hari_absen")
    attendance = "tanpa hari absen" if absent == 0 else f"dengan {number(absent)} hari absen"
    content = Piagam(
        letterhead=letterhead(context, unit), number=issue.number, place=context.city.settings.place, day=issue.day,
        signatory=signatory_of(issue), recipient=person_of(case.person, case.position.title, case.agency.name),
        title="Piagam Penghargaan",
        reason=f"atas predikat kinerja {outputs['predikat']} {case.cycle.title} dengan nilai hasil kerja "
        f"{number(outputs['nilai_hasil_kerja'])}, {attendance}.",
        provenance=provenance(issue), sample=issue.sample, sample_reason=issue.sample_reason,
    ).content()  # fmt: skip
    letter = written(context, issue, case, content, f"Piagam Penghargaan {case.person.name}")
    db.LetterCase.create(letter=letter, case=case.id, evaluation=evaluation.id, ordinal=1)


def start_coaching(context: Context, case: Any) -> int:
    """Start the coaching of an appraisal case's employee, once a case; the id of its case. For acts of services."""
    today = context.city.today()
    subject = Subject(
        f"{COACHING}:{case.id}", f"Pembinaan kinerja {case.person.name}", today, _months_on(today, MONTHS), unit=case.unit_id,
        person=case.person_id, position=case.position_id, appraiser=case.appraiser_id, superior=case.superior_id,
        chain_note=case.chain_note, parent=case.id,
    )  # fmt: skip
    return int(start_case(context, COACHING, subject).id)


def _coach(context: Context, case: Any) -> int | None:
    try:
        return start_coaching(context, case)
    except NotFoundError:  # a city without that process still decides; somebody is told
        tell(context, case, holders_of(context, case, "bkpsdm"), NOT_LOADED)
        return None


def issue_coaching_letter(context: Context, case: Any) -> dict[str, Any]:
    """The `issue_letter` operation for `surat_pembinaan`: the plan both agreed to, and what the evaluation showed."""
    parent = None if case.parent_id is None else load_case(case.parent_id)
    evaluation = None if parent is None else latest_evaluation(parent.id)
    if parent is None or evaluation is None:
        return {}  # begun by a reaction, before anything was decided: there is a plan, and no result to write about
    organisation = context.city.organisation(context.city.today())
    unit = issuing_unit(context, organisation, case)
    cited = [(evaluation.release, entry["citations"]) for entry in evaluation.finding["trace"]]
    issue = frame(context, organisation, unit, COACHING_LETTER, evaluation.release, cited)
    plan = _plan(case)
    outputs, review = evaluation.finding["outputs"], _months_on(issue.day, MONTHS // 2)
    content = SuratPembinaan(
        letterhead=letterhead(context, unit), number=issue.number, cycle=parent.cycle.title, place=context.city.settings.place,
        day=issue.day, signatory=signatory_of(issue), recipient=person_of(case.person, case.position.title, case.unit.name),
        rating=outputs["predikat"], score=outputs["nilai_hasil_kerja"], findings=_findings(parent, evaluation),
        steps=(
            CoachingStep(plan["sasaran_pembinaan"], _months_on(issue.day, MONTHS), plan["dukungan_pembinaan"]),
            CoachingStep(f"Pertemuan: {plan['jadwal_pertemuan']}", review, case.appraiser.name if case.appraiser_id else ""),
        ),
        review=review, objection_days=objection_days(context, evaluation.release.fingerprint, issue.day),
        provenance=provenance(issue),
        copies=("Kepala BKPSDM", "Pejabat penilai yang bersangkutan"), sample=issue.sample, sample_reason=issue.sample_reason,
    ).content()  # fmt: skip
    letter = written(context, issue, case, content, f"Surat Pembinaan {case.person.name}")
    db.LetterCase.create(letter=letter, case=case.id, evaluation=evaluation.id, ordinal=1)
    return {"nomor_surat": letter.number}


def _plan(case: Any) -> dict[str, Any]:
    done = db.Task.select().where(db.Task.case == case.id, db.Task.task == "susun_pembinaan", db.Task.state == "done")
    plans = list(objects(done.order_by(db.Task.id.desc()).limit(1)))
    return dict(plans[0].answers)


def _findings(case: Any, evaluation: Any) -> tuple[str, ...]:
    """The indicators that fell short, the farthest first; without one, what was judged of behaviour."""
    labels = {row.code: row.label_id for row in objects(db.PlanItem.select().where(db.PlanItem.case == case.id))}
    facts = {row["kode"]: row for row in evaluation.facts["indikator"]}
    short = sorted(
        (row["capaian"], row["kode"])
        for row in evaluation.finding.get("indikator", ())
        if row.get("capaian") is not None and row["capaian"] < 100
    )
    found = tuple(
        f"{labels.get(code, code)}: realisasi {number(facts[code]['realisasi'])} dari target {number(facts[code]['target'])}, "
        f"capaian {number(reached)} persen."
        for reached, code in short[:FINDINGS]
    )
    return found or (f"Rating perilaku kerja: {str(evaluation.facts['kasus'].get('perilaku_kerja', '–')).replace('_', ' ')}.",)


def _months_on(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
