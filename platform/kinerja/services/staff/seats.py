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


def refusal(wanted: Held, formation: int, near: Iterable[Held]) -> InputError | None:
    """Why the seat cannot be taken: one definitive post at a time, plt only where nobody holds the post, plh only where somebody
    does. near: at least all other seats of the person and of the post.

    Codes: `rangkap_definitif`, `plt_belum_lowong`, `plh_lowong`, `periode_terbalik`, `nilai_tidak_dikenal`.
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
        return _twice(wanted, next(own, None))
    holders = [seat for seat in definitive if seat.position == wanted.position and seat.meets(wanted.first, wanted.first)]
    if wanted.kind == "plt" and len(holders) >= formation:
        return InputError(
            "plt_belum_lowong",
            f"{wanted.title} masih dijabat {holders[0].name}; Plt. hanya untuk jabatan lowong",
            f"{wanted.title} is held by {holders[0].name}; Plt. is for vacant posts only",
            remedy_id="pakai plh bila pejabatnya berhalangan sementara",
            remedy_en="use plh while the holder is away",
        )
    if wanted.kind == "plh" and not holders:
        return InputError(
            "plh_lowong",
            f"{wanted.title} lowong; Plh. hanya menggantikan pejabat yang berhalangan sementara",
            f"{wanted.title} is vacant; Plh. only stands in for a holder who is away",
            remedy_id="pakai plt untuk jabatan lowong",
            remedy_en="use plt for a vacant post",
        )
    return None


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
