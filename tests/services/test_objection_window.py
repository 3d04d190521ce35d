"""The objection window stands in a rule file, in the process and on letters: all three say the same number of days."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from kinerja.policy import load_policy
from kinerja.services.contents import OBJECTION_DAYS

ROOT = Path(__file__).parents[2]


def test_rule_process_and_letters_agree_on_the_objection_window() -> None:
    in_force = load_policy(ROOT / "rules").parameters["masa_keberatan"].on(date(2026, 7, 1))
    assert in_force is not None
    assert in_force.value == OBJECTION_DAYS
    process = (ROOT / "workflows" / "penilaian-kinerja" / "process.bpmn").read_text("utf-8")
    timers = re.findall(r'<bpmn:boundaryEvent [^>]*attachedToRef="baca_hasil".*?</bpmn:boundaryEvent>', process, re.DOTALL)
    assert [re.findall(r">(P\w+)<", timer) for timer in timers] == [[f"P{OBJECTION_DAYS}D"]]
