"""A policy officer's half-done draft: a threshold raised, the row below not yet: the workshop shows the gap between them."""

from __future__ import annotations

import re

from ...policy.gridtext import read_grid
from ...services.context import Actor
from ...services.rulebook import drafts
from ..act import Act, Sight
from ..play import Stage

FILE = "decisions/hasil_kerja.yaml"
_RANGE = re.compile(r"\[(\d+)\.\.(\d+)\)\Z", re.ASCII)
RAISED = 2


def _draft(stage: Stage) -> Sight | None:
    officer = stage.cast.policy_officer
    context = stage.context(Actor.of(officer.name, officer.nip, ("pejabat_kebijakan",)))
    draft = drafts.begin(context)
    text = draft.files.get(FILE, "")
    grid = read_grid(text)
    rows = [list(row) for row in grid.rows] if grid else []
    place = next((number for number, row in enumerate(rows) if _RANGE.match(row[0])), None)
    found = _RANGE.match(rows[place][0]) if place is not None else None
    if place is None or found is None:
        drafts.discard(context)
        return None
    low, high = int(found[1]), found[2]
    rows[place][0] = f"[{low + RAISED}..{high})"
    drafts.save(context, FILE, drafts.with_cells(text, rows), drafts.version_of(text))
    return Sight(
        f"Rancangan aturan {officer.name}: ambang {low} dinaikkan ke {low + RAISED}, meninggalkan celah di antara dua baris",
        f"masuk sebagai kebijakan, /bengkel-aturan/berkas?file={FILE}",
    )


ACTS = (Act("rancangan aturan", 1, _draft),)
