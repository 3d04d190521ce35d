"""Which result of the superior an indicator serves: suggested, chosen, shown both ways, refused where it leads astray."""

from __future__ import annotations

from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from kinerja.services.casework import cascade, plans, tasks
from kinerja.store import models as db


def plan(town: Any, who: str, of: str = "budi") -> Any:
    return plans.plan_of(town.context(who), town.case_of(of).id)


def served(town: Any, of: str = "budi") -> dict[str, str]:
    return {code: one.code for code, one in plan(town, of, of).serves.items()}


def test_the_form_offers_the_superiors_results_and_what_the_standard_suggests(town: Any) -> None:
    [task] = town.desk("budi", "budi")
    page = tasks.page(town.context("budi"), task.id)
    assert page.form is not None
    question = page.form.fields["mendukung.ADM-4"]
    assert [option.value for option in question.options] == ["KBD-1", "KBD-2", "KBD-3", "-"]
    assert page.defaults["mendukung.ADM-4"] == "KBD-2"
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True, **{"mendukung.ADM-3": "KBD-2", "mendukung.ADM-5": "-"})
    assert served(town) == {"ADM-1": "KBD-1", "ADM-2": "KBD-1", "ADM-3": "KBD-2", "ADM-4": "KBD-2"}
    town.do("kabid", "setujui_skp", "budi", keputusan_skp="setuju", **{"mendukung.ADM-5": "KBD-3"})
    assert served(town)["ADM-5"] == "KBD-3"


def test_it_is_shown_both_ways_and_in_the_tree(town: Any) -> None:
    town.until("budi", "lapor_realisasi")
    below = plan(town, "kabid", "kabid").served_by
    assert [(one.person, one.code) for one in below["KBD-2"]] == [("Budi", "ADM-4"), ("Budi", "ADM-5")]
    [head] = cascade.tree(town.context("kadis"), town.cycle, "dukcapil")
    assert head.person == "Kadis"
    [leader] = head.below
    marks = {code: (len(by), bare) for code, _, _, _, by, bare in leader.items}
    assert marks == {"KBD-1": (3, False), "KBD-2": (2, False), "KBD-3": (0, True)}
    assert all(bare for *_, bare in head.items), "nobody has said yet what serves the head"
    assert not any(bare for one in leader.below for *_, bare in one.items), "who leads nobody needs nobody's support"
    for who in ("kabid", "budi"):
        with pytest.raises(ForbiddenError):
            cascade.tree(town.context(who), town.cycle, "dukcapil")
    assert cascade.tree(town.context("kabid"), town.cycle, "dukcapil.1")[0].person == "Kabid"


def test_a_link_that_is_not_upward_is_refused(town: Any) -> None:
    case, own, head = (town.case_of(name).id for name in ("budi", "sari", "kadis"))
    me = town.context("budi")
    for target, code in ((f"{case}/ADM-2", "mendukung_diri_sendiri"), (f"{own}/ADM-1", "bukan_atasan_hari_itu"),
                         (f"{head}/KPD-1", "bukan_atasan_hari_itu")):  # fmt: skip
        with pytest.raises(InputError, match=code):
            cascade.serve(me, case, "ADM-1", target)
    with pytest.raises(NotFoundError, match="hasil_atasan_tidak_ada"):
        cascade.serve(me, case, "ADM-1", "XYZ-9")
    with pytest.raises(ForbiddenError):
        cascade.serve(town.context("citra"), case, "ADM-1", "KBD-1")
    cascade.serve(me, case, "ADM-1", "KBD-1")
    assert served(town) == {"ADM-1": "KBD-1"}
    cascade.serve(me, case, "ADM-1", "-")
    assert served(town) == {}


def test_a_circle_is_refused(town: Any) -> None:
    cascade.serve(town.context("budi"), town.case_of("budi").id, "ADM-1", "KBD-1")
    db.Case.update(appraiser=town.case_of("budi").person_id).where(db.Case.id == town.case_of("kabid").id).execute()
    with pytest.raises(InputError, match="dukungan_melingkar"):
        cascade.serve(town.context("kabid"), town.case_of("kabid").id, "KBD-1", f"{town.case_of('budi').id}/ADM-1")


def test_the_superior_of_another_day_is_none(town: Any) -> None:
    """The appraiser came to the post later: on the day of the case they had no plan of theirs."""
    case = town.case_of("budi")
    db.Case.update(last=case.last.replace(month=3)).where(db.Case.id == town.case_of("kabid").id).execute()
    assert plan(town, "budi").offered == ()
    with pytest.raises(InputError, match="bukan_atasan_hari_itu"):
        cascade.serve(town.context("budi"), case.id, "ADM-1", f"{town.case_of('kabid').id}/KBD-1")


def test_what_is_served_stays_once_the_assessment_has_begun(town: Any) -> None:
    town.until("budi", "nilai_perilaku")
    with pytest.raises(ConflictError, match="penilaian_sudah_mulai"):
        cascade.serve(town.context("budi"), town.case_of("budi").id, "ADM-1", "KBD-2")
