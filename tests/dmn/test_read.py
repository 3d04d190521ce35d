"""Files: all versions of DMN, and XML that means harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from kinerja.core.errors import InputError
from kinerja.dmn import read_model, run_decision
from kinerja.dmn.read import NAMESPACES

from .conftest import Write, decision, input_data, literal


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_version_is_read(write: Write, namespace: str) -> None:
    path = write(input_data("x", "feel:number") + decision(literal("x + 1"), needs="x"), namespace=namespace)
    assert run_decision(path, {"x": 1}) == {"hasil": 2}


BOMB = (
    '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><definitions>&c;</definitions>'
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB, "xml_tidak_sah"),
        ('<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><definitions>&f;</definitions>', "xml_tidak_sah"),
        ("<definitions", "xml_tidak_sah"),
        ("", "xml_tidak_sah"),
        ("<definitions/>", "bukan_dmn"),
        ('<html xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', "bukan_dmn"),
    ],
)
def test_what_is_no_dmn_is_refused(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "jahat.dmn"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_model(path)
    assert caught.value.code == code
    assert caught.value.place is not None
    assert "jahat.dmn" in caught.value.place.file


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_model(tmp_path / "tiada.dmn")
    assert caught.value.code == "berkas_tidak_terbaca"


def test_very_deep_boxes_end_in_null(write: Write) -> None:
    deep = "<list>" * 100 + "</list>" * 100
    value = run_decision(write(decision(deep)), {})["hasil"]
    for _ in range(30):
        value = value[0]
    assert isinstance(value, list)
