"""Writing letters into the register: a Keputusan for an issuing unit with an annex of its cases, a Dokumen evaluasi for a case.

What a letter says is fixed in its row, in the transaction of the decision. All figures come from the stored evaluation.
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ...core.errors import ConflictError
from ...letters import Signatory
from ...store import ledger
from ...store import models as db
from ...store.queries import Organisation, UnitNode, rows
from ..context import Context
from ..evaluation.calibration import notes_for_decree
from ..reading import latest_evaluation
from ..staff.appraisers import authority
from .contents import Issue, dokumen, keputusan
from .register import next_ordinal, number_text

DECREE, DOCUMENT = "keputusan_predikat", "dokumen_evaluasi"
TEMPLATES = {
    DECREE: "keputusan.html",
    DOCUMENT: "dokumen-evaluasi.html",
    "daftar_tpp": "daftar-tpp.html",
    "keputusan_insentif": "keputusan-insentif.html",
    "keputusan_keberatan": "keputusan-keberatan.html",
    "piagam": "piagam.html",
    "surat_pembinaan": "surat-pembinaan.html",
    "berkas_pemeriksaan": "berkas-pemeriksaan.html",
}
TEMPLATE_HOME = "penilaian-kinerja"
"""The process whose folder holds the templates of all letters."""


def issue_for_case(context: Context, case: Any) -> dict[str, Any]:
    """The `issue_letter` operation: put the case on a Keputusan, unless it is on one already, and write its Dokumen evaluasi."""
    evaluation = latest_evaluation(case.id)
    if evaluation is None:
        raise ConflictError("belum_dievaluasi", "kasus ini belum dievaluasi", "this case has not been evaluated")
    organisation = context.city.organisation(context.city.today())
    decree = _on_decree(case.id, evaluation.id)
    if decree is None:
        decree = write_decree(context, organisation, issuing_unit(context, organisation, case), [(case, evaluation)])
    document = _write_document(context, organisation, case, evaluation)
    return {"nomor_keputusan": decree.number, "nomor_dokumen": document.number}


def write_decree(context: Context, organisation: Organisation, unit: UnitNode, decided: list[tuple[Any, Any]]) -> Any:
    """A Keputusan on (case, evaluation) pairs: its row with number and content, and its link to each case."""
    # the annex is in the order of units and names, whoever was ready first
    decided = sorted(decided, key=lambda pair: (pair[0].unit.code, -pair[0].position.job_class, pair[0].person.name, pair[0].id))
    issue = _issue(context, organisation, unit, DECREE, [evaluation for _, evaluation in decided])
    first = decided[0][0]
    noted = (*_replaced(decided), *notes_for_decree(context, first.cycle, [case.agency for case, _ in decided]))
    content = keputusan(context, issue, decided, noted).content()
    title = f"Keputusan Penetapan Predikat Kinerja {first.cycle.title} – {unit.short_name or unit.name}"
    letter = _letter_row(context, issue, first, content, title, own=False)
    links = [
        {"letter": letter.id, "case": case.id, "evaluation": evaluation.id, "ordinal": number}
        for number, (case, evaluation) in enumerate(decided, 1)
    ]
    db.LetterCase.insert_many(links).execute()
    return letter


def _write_document(context: Context, organisation: Organisation, case: Any, evaluation: Any) -> Any:
    unit = issuing_unit(context, organisation, case)
    issue = _issue(context, organisation, unit, DOCUMENT, [evaluation])
    content = dokumen(context, issue, case, evaluation).content()
    letter = _letter_row(context, issue, case, content, f"Dokumen Evaluasi Kinerja {case.person.name}", own=True)
    db.LetterCase.create(letter=letter, case=case.id, evaluation=evaluation.id, ordinal=1)
    return letter


def _issue(context: Context, organisation: Organisation, unit: UnitNode, kind: str, evaluations: Iterable[Any]) -> Issue:
    """The frame of a letter about evaluations."""
    found = list(evaluations)
    cited = [(row.release, entry["citations"]) for row in found for entry in row.finding["trace"]]
    release = max(found, key=lambda row: row.id).release
    return frame(context, organisation, unit, kind, release, cited)


def frame(
    context: Context, organisation: Organisation, unit: UnitNode, kind: str, release: Any, cited: Iterable[tuple[Any, Any]]
) -> Issue:
    """Number, signatory, sample mark and provenance of a letter that is about to be written. cited: (release, citations) of what
    it rests on."""
    city = context.city
    at = city.clock.now()
    found = list(cited)
    adopted = all(one.adopted for one, _ in [*found, (release, ())])
    recalled = any(citation["status"] != "verified" for _, citations in found for citation in citations)
    register = city.settings.register
    sample = bool(register) or city.settings.is_demo or (recalled and not adopted)
    ordinal = None if sample and not register else next_ordinal(register, at.year, unit.id, kind)
    reason = ""
    if register or city.settings.is_demo:
        reason = "surat contoh dari register peragaan."
    elif sample:
        reason = "sebagian dasar aturan belum diperiksa pada sumbernya dan belum ditetapkan oleh kota."
    return Issue(
        unit=unit, kind=kind, at=at, ordinal=ordinal, number=number_text(register, kind, ordinal, unit, at.date()),
        register=register, sample=sample, sample_reason=reason, signatory=_signatory(context, organisation, unit),
        release=release.fingerprint,
        release_title=release.title, ledger_head=ledger.head(city.store).hash,
    )  # fmt: skip


def written(context: Context, issue: Issue, case: Any, content: dict[str, Any], title: str) -> Any:
    """The row of a letter about one case of any process, printed from the templates of the appraisal's folder."""
    home = case.process if case.process.process == TEMPLATE_HOME else context.city.process_version(TEMPLATE_HOME)
    return db.Letter.create(
        kind=issue.kind, number=issue.number, register=issue.register, ordinal=issue.ordinal, year=issue.at.year,
        unit=issue.unit.id, cycle=case.cycle_id, case=case.id, title=title, template=TEMPLATES[issue.kind],
        template_version=home.version, content=content, token=_token(context, issue, case), sample=issue.sample,
        issued_by=context.actor.id, issued_at=issue.at,
    )  # fmt: skip


def _letter_row(context: Context, issue: Issue, case: Any, content: dict[str, Any], title: str, *, own: bool) -> Any:
    """own: the letter is about this case alone; else `case` only tells cycle and process version."""
    return db.Letter.create(
        kind=issue.kind, number=issue.number, register=issue.register, ordinal=issue.ordinal, year=issue.at.year,
        unit=issue.unit.id, cycle=case.cycle_id, case=case.id if own else None, title=title, template=TEMPLATES[issue.kind],
        template_version=case.process.version, content=content, token=_token(context, issue, case), sample=issue.sample,
        issued_by=context.actor.id, issued_at=issue.at,
    )  # fmt: skip


def _token(context: Context, issue: Issue, case: Any) -> str:
    """144 bits for the verification address: from the city's secret, so that a demo with a fixed secret repeats byte for byte."""
    secret = context.city.settings.secret.encode() or os.urandom(32)
    text = f"{issue.register}|{issue.kind}|{issue.at.isoformat()}|{issue.unit.code}|{issue.ordinal}|{case.id}"
    return base64.urlsafe_b64encode(hmac.digest(secret, text.encode(), "sha256")[:18]).decode()


# ── who signs, what waits ─────────────────────────────────────────────────────────────────────────────────────────────
def issuing_unit(context: Context, organisation: Organisation, case: Any) -> UnitNode:
    """The unit whose head signs: the employee's agency; for the one who would sign there, the next unit above with a head."""
    tree = organisation.tree
    agency = tree.agency(case.unit_id)
    for node in tree.chain(agency.id):
        signer = _head_of(organisation, node, context.city.clock.now())
        if signer is not None and signer.person != case.person_id:
            return node
    return agency


def _head_of(organisation: Organisation, node: UnitNode, at: datetime) -> Any:
    seats = [seat for seat in organisation.leaders.get(node.id, ()) if seat.holds(at.date())]
    return min(seats, key=lambda seat: ("definitif", "plt", "plh").index(seat.kind), default=None)


def _signatory(context: Context, organisation: Organisation, unit: UnitNode) -> tuple[Any, str, str]:
    """(seat, title, acting prefix) of whoever signs for a unit today: its holder, an acting one, else the next authority above."""
    found = authority(organisation, unit.id, context.city.today(), {})
    if found is None:
        raise ConflictError(
            "tanpa_penanda_tangan",
            f"tidak ada pejabat yang dapat menandatangani untuk {unit.name}",
            f"nobody can sign for {unit.name}",
            remedy_id="isi jabatan pimpinan unit itu atau tunjuk Plt./Plh.",
            remedy_en="fill the unit's leading post or appoint an acting holder",
        )
    node = organisation.tree.nodes[found.seat.unit]
    return found.seat, node.head_title or found.seat.title, {"plt": "Plt.", "plh": "Plh."}.get(found.seat.kind, "")


def _on_decree(case_id: int, evaluation_id: int) -> Any:
    """The Keputusan that states this very evaluation; an earlier one of a case judged anew does not."""
    link = (db.LetterCase.case == case_id) & (db.LetterCase.evaluation == evaluation_id)
    query = db.Letter.select(db.Letter.id, db.Letter.number).join(db.LetterCase).where(link, db.Letter.kind == DECREE)
    return query.order_by(db.Letter.id.desc()).first()


def _replaced(decided: list[tuple[Any, Any]]) -> tuple[str, ...]:
    """What a new Keputusan takes note of: the earlier ones that it replaces for its cases."""
    numbers = (
        db.Letter.select(db.Letter.number)
        .join(db.LetterCase)
        .where(db.LetterCase.case << [case.id for case, _ in decided], db.Letter.kind == DECREE)
        .order_by(db.Letter.id)
    )
    return tuple(
        f"Keputusan Nomor {number}, yang dengan Keputusan ini dinyatakan tidak berlaku sepanjang mengenai pegawai dalam Lampiran"
        for (number,) in dict.fromkeys(rows(numbers))
    )


def signatory_of(issue: Any) -> Signatory:
    """Who signs a letter of this frame, as the letter names them."""
    seat, title, acting = issue.signatory
    signer = db.Person.get_by_id(seat.person)
    return Signatory(title, signer.name, signer.nip if signer.status != "pejabat_negara" else "", signer.rank, acting)
