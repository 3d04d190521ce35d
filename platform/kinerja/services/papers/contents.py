"""What letters say, filled from stored evaluations and records. No figure is computed here: each is read from the evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from ...core.errors import IncidentError, NotFoundError
from ...core.indonesian import number
from ...core.periods import Period
from ...letters import (
    AnnexRow,
    Assumption,
    Basis,
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
)
from ...policy.model import Policy
from ...store import models as db
from ...store.queries import UnitNode
from ..context import Context
from ..evaluation.judge import current_judgements
from ..expectations import expectations_of
from ..reading import latest_measurements
from .heldnotes import held_notes
from .plannotes import plan_notes, share_notes
from .splitnotes import split_notes

WINDOW = "masa_keberatan"
ROLE_WORDS = {
    "pejabat_penilai": "Pejabat penilai",
    "atasan_pejabat_penilai": "Atasan pejabat penilai",
    "tim_evaluasi": "Tim evaluasi",
    "bkpsdm": "BKPSDM",
    "pegawai": "Pegawai",
}
ASPECT_WORDS = {"perilaku_kerja": "Perilaku kerja", "hasil_kerja": "Hasil kerja", "mutu": "Mutu", "persetujuan": "Persetujuan"}
JUDGED = ("perilaku_kerja", "hasil_kerja", "mutu")
POLARITY_WORDS = {
    "lebih_tinggi": "semakin tinggi semakin baik",
    "lebih_rendah": "semakin rendah semakin baik",
    "rentang": "dalam rentang",
    "rentang_lebih_rendah": "dalam rentang, lebih rendah lebih baik",
}
MONEY = ("tpp_dasar", "tpp_bulanan")
"""Decisions whose steps a letter prints as the arithmetic of the allowance, in this order."""


@dataclass(frozen=True, slots=True)
class Issue:
    """The frame of a letter: who issues it where and when, under which number. signatory: (seat, title, acting prefix)."""

    unit: UnitNode
    kind: str
    at: datetime
    ordinal: int | None
    number: str
    register: str
    sample: bool
    sample_reason: str
    signatory: tuple[Any, str, str]
    release: str
    release_title: str
    ledger_head: str

    @property
    def day(self) -> date:
        return self.at.date()


def keputusan(context: Context, issue: Issue, decided: Iterable[tuple[Any, Any]], noted: tuple[str, ...] = ()) -> Keputusan:
    """The decree on (case, evaluation) pairs, in the order given. noted: what it takes note of (Memperhatikan)."""
    pairs = list(decided)
    first = pairs[0][0]
    seat, title, acting = issue.signatory
    signer = db.Person.get_by_id(seat.person)
    return Keputusan(
        letterhead=letterhead(context, issue.unit),
        number=issue.number,
        cycle=first.cycle.title,
        period=Period(first.cycle.first, first.cycle.last),
        place=context.city.settings.place,
        day=issue.day,
        signatory=Signatory(title, signer.name, _nip(signer), signer.rank, acting),
        legal_basis=_basis(evaluation for _, evaluation in pairs),
        rows=tuple(_annex_row(case, evaluation) for case, evaluation in pairs),
        provenance=provenance(issue),
        objection_days=objection_days(context, issue.release, issue.day),
        noted=noted,
        copies=("Wali Kota sebagai laporan", "Kepala BKPSDM", "Pegawai yang bersangkutan"),
        assumptions=_assumptions(case for case, _ in pairs),
        sample=issue.sample,
        sample_reason=issue.sample_reason,
    )


def dokumen(context: Context, issue: Issue, case: Any, evaluation: Any) -> DokumenEvaluasi:
    """The evaluation document of one case."""
    outputs = evaluation.finding["outputs"]
    policy = context.city.policy(evaluation.release.fingerprint)
    days = objection_days(context, evaluation.release.fingerprint, issue.day)
    proposed, final = outputs.get("hasil_kerja"), _output(outputs, "hasil_kerja_akhir")
    return DokumenEvaluasi(
        letterhead=letterhead(context, issue.unit),
        number=issue.number,
        cycle=case.cycle.title,
        period=Period(case.first, case.last),
        place=context.city.settings.place,
        day=issue.day,
        employee=person_of(case.person, case.position.title, case.unit.name),
        appraiser=authority_of(case.appraiser, case.last),
        superior=authority_of(case.superior, case.last) if case.superior_id else None,
        indicators=_indicators(case, evaluation),
        score=_output(outputs, "nilai_hasil_kerja"),
        result=level_words(final),
        behaviour=level_words(evaluation.facts["kasus"]["perilaku_kerja"]),
        rating=_output(outputs, "predikat"),
        judgements=_judgements(case),
        allowance=_money(policy, evaluation),
        reasons=_reasons(policy, evaluation),
        provenance=provenance(issue),
        job_class=case.position.job_class,
        months=int(evaluation.facts["kasus"]["bulan"]),
        proposed_result=level_words(proposed) if proposed is not None and proposed != final else None,
        credit_points=outputs.get("angka_kredit"),
        appraiser_note=case.chain_note,
        notes=(*split_notes(case), *share_notes(case.id), *plan_notes(case.id), *held_notes(case.id)),
        objection=Objection(days, issue.day + timedelta(days=days)),
        expectations=tuple(Expectation(one.label_id, one.guide_id, one.text) for one in expectations_of(context, case)),
        assumptions=_assumptions([case]),
        sample=issue.sample,
        sample_reason=issue.sample_reason,
    )


def objection_days(context: Context, fingerprint: str, day: date) -> int:
    """Days within which an objection may be filed, by a release on a day; NotFoundError(`parameter_tidak_ada`)."""
    parameter = context.city.policy(fingerprint).parameters.get(WINDOW)
    found = parameter.on(day) if parameter is not None else None
    if found is None:
        raise NotFoundError(
            "parameter_tidak_ada",
            f"aturan tidak menyebut {WINDOW} pada {day}",
            f"the rules state no {WINDOW} on {day}",
            remedy_id=f"tambahkan rules/parameters/{WINDOW}.yaml",
            remedy_en=f"add rules/parameters/{WINDOW}.yaml",
        )
    return int(found.value)


# ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def letterhead(context: Context, unit: UnitNode) -> Letterhead:
    settings = context.city.settings
    agency = "" if unit.kind == "region" else unit.name
    return Letterhead(f"Pemerintah {settings.city}", agency, unit.address, unit.contact, settings.place)


def provenance(issue: Issue) -> Provenance:
    return Provenance(issue.release, issue.ledger_head, issue.release_title)


def _nip(person: Any) -> str:
    return str(person.nip) if person.status != "pejabat_negara" else ""


def person_of(person: Any, position: str = "", unit: str = "") -> Person:
    return Person(person.name, _nip(person), person.rank, position, unit)


def authority_of(person: Any, day: date) -> Person:
    """An official with the leading post they held on a day."""
    seat = (
        db.Assignment.select(db.Assignment, db.Position, db.Unit)
        .join(db.Position)
        .join(db.Unit)
        .where(
            db.Assignment.person == person.id,
            db.Assignment.first <= day,
            db.Assignment.last.is_null() | (db.Assignment.last >= day),
        )
        .order_by(db.Position.leads_unit.desc(), db.Assignment.kind)
        .first()
    )
    return person_of(person, seat.position.title, seat.position.unit.name) if seat else person_of(person)


def _annex_row(case: Any, evaluation: Any) -> AnnexRow:
    outputs = evaluation.finding["outputs"]
    return AnnexRow(
        person=person_of(case.person, case.position.title, case.unit.name),
        score=_output(outputs, "nilai_hasil_kerja"),
        result=level_words(_output(outputs, "hasil_kerja_akhir")),
        behaviour=level_words(evaluation.facts["kasus"]["perilaku_kerja"]),
        rating=_output(outputs, "predikat"),
        allowance=outputs.get("tpp_bruto"),
    )


def _output(outputs: Mapping[str, Any], name: str) -> Any:
    if outputs.get(name) is None:
        raise IncidentError(
            "keluaran_tidak_ada",
            f"evaluasi tidak memuat keluaran “{name}” yang dicetak surat",
            f'the evaluation has no output "{name}", which the letter prints',
            remedy_id="tambahkan keputusan itu pada goals di rules/vocabulary.yaml, lalu evaluasi lagi",
            remedy_en="add that decision to goals in rules/vocabulary.yaml, then evaluate again",
        )
    return outputs[name]


def _basis(evaluations: Iterable[Any]) -> tuple[Basis, ...]:
    """Citations of all rules that spoke, each once."""
    found: dict[tuple[str, str], Basis] = {}
    for evaluation in evaluations:
        for entry in evaluation.finding["trace"]:
            for cited in entry["citations"]:
                found.setdefault((cited["instrument"], cited["part"]), Basis(cited["instrument"], cited["part"], cited["status"]))
    return tuple(found.values())


def _indicators(case: Any, evaluation: Any) -> tuple[IndicatorRow, ...]:
    facts = {row["kode"]: row for row in evaluation.facts["indikator"]}
    achieved = {row["kode"]: row.get("capaian") for row in evaluation.finding.get("indikator", ())}
    measured = latest_measurements([case.id])
    rows = []
    for item in db.PlanItem.select().where(db.PlanItem.case == case.id, db.IN_FORCE).order_by(db.PlanItem.ordinal):
        fact = facts[item.code]
        measurement = measured.get(item.id)
        rows.append(
            IndicatorRow(
                code=item.code, label=item.label_id, unit=item.unit, target=fact["target"], weight=fact["bobot"],
                target_high=fact.get("target_atas"), actual=fact["realisasi"], achievement=achieved.get(item.code),
                polarity=POLARITY_WORDS.get(item.polarity, item.polarity), evidence=_evidence(measurement) if measurement else "",
            )
        )  # fmt: skip
    return tuple(rows)


def _evidence(measurement: Any) -> str:
    held = measurement.evidence
    parts = [held.get("source", "")]
    if held.get("count") is not None:
        parts.append(f"{held['count']} permohonan selesai")
    if held.get("sha256"):
        parts.append("sha256 " + ", ".join(digest.strip()[:12] for digest in held["sha256"].split(",")))
    return "; ".join(part for part in parts if part)


def _judgements(case: Any) -> tuple[Judgement, ...]:
    return tuple(
        Judgement(
            role=ROLE_WORDS.get(row.role, row.role), aspect=ASPECT_WORDS.get(row.aspect, row.aspect), value=_words(row.value),
            reason=row.reason, author=row.author_name, day=row.judged_at.date(),
        )
        for row in current_judgements(case.id)
        if row.aspect in JUDGED
    )  # fmt: skip


def _words(value: Any) -> str:
    if isinstance(value, Fraction):
        return number(value)
    return level_words(value).replace("_", " ") if isinstance(value, str) else str(value)


def _money(policy: Policy, evaluation: Any) -> tuple[MoneyLine, ...]:
    lines = []
    for entry in evaluation.finding["trace"]:
        if entry["decision"] not in MONEY or not isinstance(entry["value"], Fraction):
            continue
        decision, _ = policy.decision(entry["decision"], evaluation.on_day)
        output = next((output for output in decision.outputs if output.name == entry["output"]), None)
        if output is None or output.type.unit != "rupiah":
            continue
        used = " · ".join(f"{read['name'].replace('_', ' ')} {_used(read['value'])}" for read in entry["inputs"])
        lines.append(MoneyLine(output.label.id, used, entry["value"], total=entry["output"] == "tpp_bruto"))
    return tuple(lines)


def _used(value: Any) -> str:
    if isinstance(value, Fraction):
        return number(value)
    if isinstance(value, list):
        return ", ".join("tanpa absen" if item is None else _used(item) for item in value) or "–"
    return "–" if value is None else str(value)


def _reasons(policy: Policy, evaluation: Any) -> tuple[Reason, ...]:
    """The sentences of the trace at case level, one an output, with row, file, line and article."""
    reasons = []
    for entry in evaluation.finding["trace"]:
        if entry.get("item"):
            continue
        cited = entry["citations"][0] if entry["citations"] else {"instrument": "", "part": "", "status": "policy"}
        basis = f"{cited['instrument']} {cited['part']}".strip()
        reasons.append(Reason(entry["brief"]["id"], f"{entry['ref']}, {entry['file']}:{entry['line']}", basis, cited["status"]))
    return tuple(reasons)


def _assumptions(cases: Iterable[Any]) -> tuple[Assumption, ...]:
    found: dict[str, Assumption] = {}
    for case in cases:
        for entry in case.assumptions:
            found.setdefault(f"{entry['fact']}={entry['text']}", Assumption(entry["label"], entry["text"], entry["reason"]))
    return tuple(found.values())
