"""What the best results led to on their own: certificates by the rule file `penghargaan`, written by the process."""

from __future__ import annotations

from typing import Any

from ...core.indonesian import number
from ...store import models as db
from ..act import Act, Sight
from ..play import Stage

CERTIFICATE = "piagam"


def show_certificates(stage: Stage) -> Sight | None:
    del stage  # nobody acts: the process has written them
    found: list[Any] = list(
        db.LetterCase.select(db.LetterCase, db.Letter, db.Case, db.Person)
        .join(db.Letter)
        .switch(db.LetterCase)
        .join(db.Case)
        .join(db.Person, on=(db.Case.person == db.Person.id))
        .where(db.Letter.kind == CERTIFICATE)
        .order_by(db.Letter.id)
    )
    if not found:
        return None
    first = found[0]
    return Sight(
        f"Penghargaan menurut aturan: {number(len(found))} piagam, antara lain {first.case.person.name}; halaman kasusnya menyebut"
        " juga gerbang kenaikan, angka kredit, dan kotak talentanya, masing-masing dengan sebabnya",
        f"/kasus/{first.case_id}, /surat/{first.letter_id}.pdf (bkpsdm)",
    )


ACTS = (Act("penghargaan", 0, show_certificates),)
