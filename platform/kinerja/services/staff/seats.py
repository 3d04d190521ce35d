"""What must hold before somebody takes a seat, asked of plain values: of one act, and of ten thousand rows of a file alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ...core.errors import InputError
from ...store.models import ASSIGNMENT_KINDS

DEFINITIVE = "definitif"


@dataclass(frozen=True, slots=True)
class Held:
    """A seat as somebody holds it, or would. kind: definitif, plt, plh; last None: until further notice."""

    person: int
    position: int
    title: str
    name: str
    kind: str
    first: date
    last: date | None

    def meets(self, first: date, last: date | None) -> bool:
        return (self.last is None or self.last >= first) and (last is None or self.first <= last)


def refusal(wanted: Held, formation: int, near: Iterable[Held], leads: bool = False) -> InputError | None:
    """Why the seat cannot be taken: one definitive post at a time, one head of a unit at a time, plt only where a seat is vacant
    and nobody acts in it, plh only for a holder for whom nobody stands in. near: at least all other seats of the person and of
    the post. leads: the post leads its unit; others may have more holders than seats, which the position map shows.

    Codes: `rangkap_definitif`, `formasi_penuh`, `plt_belum_lowong`, `plh_lowong`, `periode_terbalik`, `nilai_tidak_dikenal`.
    """
    if wanted.kind not in ASSIGNMENT_KINDS:
        names = ", ".join(ASSIGNMENT_KINDS)
        return InputError(
            "nilai_tidak_dikenal", f"“{wanted.kind}” tidak dikenal; ada: {names}", f'unknown "{wanted.kind}"; there is: {names}'
        )
    try:
        if wanted.last is not None:
            in_order(wanted.first, wanted.last)
    except InputError as error:
        return error
    definitive = [seat for seat in near if seat.kind == DEFINITIVE]
    if wanted.kind == DEFINITIVE:
        own = (seat for seat in definitive if seat.person == wanted.person and seat.meets(wanted.first, wanted.last))
        return _twice(wanted, next(own, None)) or (_full(wanted, formation, definitive) if leads else None)
    holders = [seat for seat in definitive if seat.position == wanted.position and seat.meets(wanted.first, wanted.first)]
    acting = [seat for seat in near if seat.position == wanted.position and seat.kind == wanted.kind]
    acting = [seat for seat in acting if seat.meets(wanted.first, wanted.last)]
    if wanted.kind == "plt" and len(holders) + len(acting) >= formation:
        return _not_vacant(wanted, (holders or acting)[0])
    if wanted.kind == "plh" and len(acting) >= max(1, len(holders)) and holders:
        return _not_vacant(wanted, acting[0])
    if wanted.kind == "plh" and not holders:
        return InputError(
            "plh_lowong",
            f"{wanted.title} lowong; Plh. hanya menggantikan pejabat yang berhalangan sementara",
            f"{wanted.title} is vacant; Plh. only stands in for a holder who is away",
            remedy_id="pakai plt untuk jabatan lowong",
            remedy_en="use plt for a vacant post",
        )
    return None


def _not_vacant(wanted: Held, by: Held) -> InputError:
    acts = by.kind != DEFINITIVE
    remedy = ("akhiri penugasan itu dahulu", "end that assignment first")
    remedy = remedy if acts else ("pakai plh bila pejabatnya berhalangan sementara", "use plh while the holder is away")
    return InputError(
        "plt_belum_lowong",
        f"{wanted.title} sudah dijabat {by.kind.title()}. {by.name} pada hari-hari itu"
        if acts
        else f"{wanted.title} masih dijabat {by.name}; Plt. hanya untuk jabatan lowong",
        f"{by.name} acts in {wanted.title} ({by.kind}) on these days"
        if acts
        else f"{wanted.title} is held by {by.name}; Plt. is for vacant posts only",
        remedy_id=remedy[0],
        remedy_en=remedy[1],
    )


def _full(wanted: Held, formation: int, definitive: Iterable[Held]) -> InputError | None:
    """More holders at once than seats: on the first day, or on one on which somebody else comes."""
    others = [seat for seat in definitive if seat.position == wanted.position and seat.meets(wanted.first, wanted.last)]
    days = {max(wanted.first, seat.first) for seat in others}
    crowded = next((day for day in sorted(days) if sum(seat.meets(day, day) for seat in others) >= formation), None)
    if crowded is None:
        return None
    names = ", ".join(seat.name for seat in others if seat.meets(crowded, crowded))
    names = names if len(names) < 80 else names[:77] + "…"
    return InputError(
        "formasi_penuh",
        f"{wanted.title} berformasi {formation}, sudah terisi pada {crowded}: {names}",
        f"{wanted.title} has {formation} seats, all held on {crowded}: {names}",
        remedy_id="akhiri penugasan yang lama dahulu, atau naikkan formasinya",
        remedy_en="end the earlier assignment first, or raise the formation",
    )


def _twice(wanted: Held, clash: Held | None) -> InputError | None:
    if clash is None:
        return None
    return InputError(
        "rangkap_definitif",
        f"{wanted.name} menjabat {clash.title} secara definitif pada hari-hari itu",
        f"{wanted.name} holds {clash.title} definitively on these days",
        remedy_id="akhiri dahulu, pakai perpindahan, atau tugaskan sebagai plt/plh",
        remedy_en="end it first, use a transfer, or assign as acting (plt, plh)",
    )


def in_order(first: date, last: date) -> None:
    """Raise InputError(`periode_terbalik`) for a span that ends before it begins."""
    if last < first:
        raise InputError(
            "periode_terbalik",
            f"berakhir ({last}) sebelum mulai ({first})",
            f"it ends ({last}) before it begins ({first})",
            remedy_id="periksa kedua tanggal",
            remedy_en="check both dates",
        )
