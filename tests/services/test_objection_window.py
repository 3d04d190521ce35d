"""The objection window stands in a rule file alone: letters, notices and the process's clock read it there."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kinerja.services.context import Actor, Context
from kinerja.services.cycles import cycle
from kinerja.services.evaluation import measure
from kinerja.services.rulebook import publish
from kinerja.settings import shipped
from kinerja.store import models as db


def rules(tmp_path: Path, days: int) -> Path:
    folder = tmp_path / "aturan"
    shutil.copytree(shipped("rules"), folder)
    file = folder / "parameters" / "masa_keberatan.yaml"
    file.write_text(file.read_text("utf-8").replace("value: 14}", f"value: {days}}}"), "utf-8")
    decision = folder / "decisions" / "batas_keberatan.yaml"
    text = decision.read_text("utf-8").replace("hari: 14, diterima: true", "hari: 14, diterima: false")
    decision.write_text(text.replace("hari: 14, diterima: false", f"hari: 14, diterima: {str(days >= 14).lower()}"), "utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("days", [14, 10])
def test_letter_notice_and_deadline_follow_the_rule_file(quiet: Any, tmp_path: Path, days: int) -> None:
    town = quiet
    if days != 14:
        author = Context(town.city, Actor.of("Penyusun", roles=["pejabat_kebijakan"]))
        fingerprint = publish.submit(author, rules(tmp_path, days), "Masa keberatan").values["fingerprint"]
        town.clock.advance(timedelta(minutes=1))
        publish.approve(Context(town.city, Actor.of("Penetap", roles=["pejabat_penetap"])), fingerprint, adopt=True)
    cycle.open_cycle(town.context("hr"), town.cycle, "Semester I Tahun 2026", town.period, "semester")
    measure.measure_cycle(town.context("hr"), town.cycle)
    town.until("citra", "baca_hasil")
    [task] = [view for view in town.desk("citra") if view.task == "baca_hasil"]
    assert task.due is not None
    last = town.clock.now().date() + timedelta(days=days)
    assert (task.due - timedelta(seconds=1)).date() == last
    letter = db.Letter.get(db.Letter.kind == "dokumen_evaluasi")
    assert (letter.content["objection"]["days"], letter.content["objection"]["last_day"]) == (days, last.isoformat())
    notice = db.Notice.select().order_by(db.Notice.id.desc()).get()
    assert f"{days} hari" in notice.text
    assert f"{days} days" in notice.text_en
