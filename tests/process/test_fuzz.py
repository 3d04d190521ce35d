"""Damaged files: whatever is done to a process file, the check answers with diagnostics, and what passes it runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kinerja.core.clock import JAKARTA, FixedClock
from kinerja.core.errors import KinerjaError
from kinerja.process import Calendar, Machine, ProcessDefinition, check_files, picture

BPMN = "izin/process.bpmn"
SNIPPETS = (
    "<", ">", "&", '"', "]]>", "<!--", "", "null", "\x00", "ü", "P1D", 'id="isi"', 'sourceRef="mutu"', 'targetRef="periksa"',
    'kinerja:form="isi"', ' default="f_isi"', "<bpmn:userTask/>", '<bpmn:parallelGateway id="isi"/>',
    '<bpmn:sequenceFlow id="x" sourceRef="isi" targetRef="isi"/>',
)  # fmt: skip


def _operate(_name: str, _data: dict[str, Any]) -> dict[str, Any]:
    return {"hasil": "Baik", "nilai": 80}


def _survives(files: Mapping[str, str], calendar: Calendar) -> None:
    try:
        checked = check_files("izin", files, ("evaluate", "notify"))
    except KinerjaError:
        return
    for found in checked.diagnostics:
        assert found.place.file
    if checked.source is not None:
        picture(checked.source)
    if checked.definition is None:
        assert checked.errors
        return
    machine = Machine(checked.definition, _operate, FixedClock(datetime(2026, 3, 2, 9, tzinfo=JAKARTA)), calendar)
    try:
        step = machine.start({})
        for _ in range(12):
            if not step.ready:
                break
            step = machine.complete(step.state, step.ready[0].id, {"keputusan": "terima"})
    except KinerjaError:
        return


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_text(permit: ProcessDefinition, calendar: Calendar, data: st.DataObject) -> None:
    text = permit.files[BPMN]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 60)))
        text = text[:start] + data.draw(st.sampled_from(SNIPPETS)) + text[end:]
    _survives(dict(permit.files) | {BPMN: text}, calendar)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rewired_attributes(permit: ProcessDefinition, calendar: Calendar, data: st.DataObject) -> None:
    """Well-formed but senseless: attribute values swapped with one another, elements dropped."""
    text = permit.files[BPMN]
    for _ in range(data.draw(st.integers(1, 4))):
        values = list(
            re.finditer(r'(?:sourceRef|targetRef|attachedToRef|default|kinerja:\w+|bpmnElement|cancelActivity)="([^"]*)"', text)
        )
        one, other = data.draw(st.sampled_from(values)), data.draw(st.sampled_from(values))
        text = text[: one.start(1)] + other[1] + text[one.end(1) :]
        if data.draw(st.booleans()):
            elements = list(
                re.finditer(r"<bpmn:(sequenceFlow|endEvent|userTask|exclusiveGateway)\b[^>]*?(/>|>.*?</bpmn:\1>)", text, re.DOTALL)
            )
            gone = data.draw(st.sampled_from(elements))
            text = text[: gone.start()] + text[gone.end() :]
    _survives(dict(permit.files) | {BPMN: text}, calendar)


@pytest.mark.parametrize("text", ["", " ", "<", "<a/>", "\x00", "\ufeff", "a" * 100, "<?xml version='1.0'?>", "<a xmlns='x'>" * 30])
def test_what_is_no_bpmn_at_all(permit: ProcessDefinition, text: str) -> None:
    checked = check_files("izin", dict(permit.files) | {BPMN: text}, ())
    assert checked.definition is None
    assert checked.errors
