"""The list by which an approved run is paid, and the decree that grants it. Every figure is read from the run's lines."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ...core.periods import Period
from ...letters import Basis, CorrectionRow, DaftarTpp, IncentiveRow, KeputusanInsentif, PaymentRow, Person
from ...store import models as db
from ...store.queries import objects, rows
from ..context import Context
from ..papers.contents import letterhead, provenance
from ..papers.letterbook import frame, signatory_of, written
from . import budgets
from .facts import month_of, month_words
from .lines import PAYMENT
from .payroll import approve

KIND, DECREE = "daftar_tpp", "keputusan_insentif"
NAMED = 3
"""So many ratings' decrees are named in a sentence; of more, the annex names each."""


def issue_list(context: Context, case: Any) -> dict[str, Any]:
    """The `issue_letter` operation for `daftar_tpp`: approve the run and write its list and the decree that grants it."""
    run, lines = approve(context, case)
    organisation = context.city.organisation(context.city.today())
    unit = organisation.tree.nodes[run.agency_id]
    release = db.Release.get(db.Release.fingerprint == run.release)
    cited = [(release, entry["citations"]) for line in lines for step in line.steps for entry in step["trace"]]
    issue = frame(context, organisation, unit, KIND, release, cited)
    held = db.Position.select().where(db.Position.id << [line.position_id for line in lines])
    posts = {row.id: row for row in objects(held)}
    paid = [line for line in lines if line.kind == "payment"]
    corrected = [line for line in lines if line.kind == "correction"]
    content = DaftarTpp(
        letterhead=letterhead(context, unit), number=issue.number, month=month_words(run.month), place=context.city.settings.place,
        day=issue.day, signatory=signatory_of(issue),
        legal_basis=_basis(lines), rows=tuple(_payment(line, posts[line.position_id]) for line in paid),
        corrections=tuple(
            CorrectionRow(Person(line.person.name, line.person.nip), month_words(line.month), line.reason_id, line.amount)
            for line in corrected
        ),
        paid=_sum(paid), corrected=_sum(corrected), total=run.total,
        held=tuple(f"{line.person.name} ({line.reason_id})" for line in lines if line.kind == "held"),
        prepared=_name(run.computed_by), approved=context.actor.name, provenance=provenance(issue), sample=issue.sample,
        sample_reason=issue.sample_reason,
    ).content()  # fmt: skip
    name = f"Daftar Pembayaran TPP {month_words(run.month)} – {unit.short_name or unit.name}"
    letter = written(context, issue, case, content, name)
    db.PayRun.update(letter=letter.id).where(db.PayRun.id == run.id).execute()
    decree = _decree(context, case, run, paid, posts, cited) if paid else None
    return {"nomor_daftar": letter.number, "nomor_keputusan": None if decree is None else decree.number}


def _decree(context: Context, case: Any, run: Any, paid: list[Any], posts: Mapping[int, Any], cited: list[Any]) -> Any:
    """Keputusan pemberian insentif for the month's payments; what an earlier month is corrected by stands on the list alone."""
    organisation = context.city.organisation(context.city.today())
    unit = organisation.tree.nodes[run.agency_id]
    release = db.Release.get(db.Release.fingerprint == run.release)
    issue, month = frame(context, organisation, unit, DECREE, release, cited), month_of(run.month)
    bases = list(dict.fromkeys(line.basis for line in paid if line.basis))
    decided = "; ".join(bases) if len(bases) <= NAMED else "keputusan penetapan predikat yang disebut dalam Lampiran"
    budget = budgets.of_city(context.city, run.month.year).basis
    content = KeputusanInsentif(
        letterhead=letterhead(context, unit), number=issue.number, cycle=f"bulan {month_words(run.month)}",
        period=Period(month.first, month.last), place=context.city.settings.place, day=issue.day, signatory=signatory_of(issue),
        legal_basis=_basis(paid), decided_by=decided, payment=f"bulan {month_words(run.month)}",
        budget=budget or f"Anggaran Pendapatan dan Belanja Daerah Tahun Anggaran {run.month.year}",
        rows=tuple(_granted(line, posts[line.position_id]) for line in paid), provenance=provenance(issue),
        copies=("Wali Kota sebagai laporan", "Kepala BKPSDM", "Bendahara pengeluaran"), sample=issue.sample,
        sample_reason=issue.sample_reason,
    ).content()  # fmt: skip
    return written(
        context, issue, case, content, f"Keputusan Pemberian Insentif {month_words(run.month)} – {unit.short_name or unit.name}"
    )


def _granted(line: Any, post: Any) -> IncentiveRow:
    outputs = outputs_of(line)
    return IncentiveRow(
        Person(line.person.name, line.person.nip, line.person.rank, post.title), line.rating, outputs["tpp_dasar.tpp_dasar"],
        outputs["persen_tpp.persen"], line.amount, line.basis,
    )  # fmt: skip


def _payment(line: Any, post: Any) -> PaymentRow:
    outputs = outputs_of(line)
    facts = line.facts
    return PaymentRow(
        Person(line.person.name, line.person.nip, line.person.rank, post.title), int(facts["kasus.kelas_jabatan"]), line.rating,
        f"{facts['hari_dijabat']}/{facts['hari_sebulan']}", outputs["tpp_dasar.tpp_dasar"], outputs["tpp_bulanan.tpp_bruto"],
        outputs[f"{PAYMENT}.tpp_pokok"], outputs[f"{PAYMENT}.tpp_plt"], line.amount,
    )  # fmt: skip


def outputs_of(line: Any) -> Mapping[str, Any]:
    """ "tpp_bulanan.tpp_bruto" → value, of a stored line's decisions."""
    return {f"{step['decision']}.{name}": value for step in line.steps for name, value in step["outputs"].items()}


def _basis(lines: list[Any]) -> tuple[Basis, ...]:
    found: dict[tuple[str, str], Basis] = {}
    for line in lines:
        for step in line.steps:
            for entry in step["trace"]:
                for cited in entry["citations"]:
                    found.setdefault(
                        (cited["instrument"], cited["part"]), Basis(cited["instrument"], cited["part"], cited["status"])
                    )
    return tuple(found.values())


def _sum(lines: list[Any]) -> Fraction:
    return sum((line.amount for line in lines), Fraction(0))


def _name(actor: str) -> str:
    return str(dict(rows(db.Person.select(db.Person.nip, db.Person.name).where(db.Person.nip == actor))).get(actor, actor))
