"""“Simulasi” in the console: figures in words and charts, names only for those who may see them, both languages."""

from __future__ import annotations

import re
import shutil

import pytest

from kinerja.policy import load_policy
from kinerja.services.rulebook import simulation
from kinerja.settings import shipped


@pytest.fixture
def kept(ready_console, tmp_path):
    folder = tmp_path / "rules"
    shutil.copytree(shipped("rules"), folder)
    file = folder / "incentives" / "persen_tpp.yaml"
    text = file.read_text("utf-8")
    assert "| Baik            | 100    |" in text
    file.write_text(text.replace("| Baik            | 100    |", "| Baik            | 90     |"), "utf-8")
    config = ready_console.city.folder / "config"
    config.mkdir(exist_ok=True)
    (config / "anggaran.toml").write_text('[tpp.2026]\nbasis = "Perda <APBD>"\n[tpp.2026.units]\ndukcapil = 1_000_000\n', "utf-8")
    receipt = simulation.keep(ready_console.small.context(ready_console.city, "kebijakan"), load_policy(folder))
    assert receipt is not None
    return ready_console, receipt.values["simulation"]


@pytest.mark.slow
def test_the_page_says_what_the_document_says(kept):
    console, number = kept
    page = console.sign_in("penetap").get(f"/simulasi/{number}").text
    document = simulation.get(console.small.context(console.city, "penetap"), number).document
    for sentence in document["sentences"]["id"]:
        assert sentence in page
    total = next(m for m in document["money"] if m["output"] == "tpp_bruto" and not m["group"])
    assert total["yearly"]["change"] < 0
    shown = f"{abs(int(total['yearly']['change'])):,}".replace(",", ".")
    assert f"-{shown}" in page
    assert page.count("<svg") >= 4, "bands, money, fairness, budget"
    assert "Perda &lt;APBD&gt;" in page
    assert "terlampaui" in page
    listed = console.sign_in("auditor").get("/simulasi/").text
    assert f'href="/simulasi/{number}"' in listed


@pytest.mark.slow
def test_names_are_for_some(kept):
    console, number = kept
    name = console.small.PEOPLE["operator"][1]
    for account, sees in (("penetap", True), ("hr", True), ("auditor", True), ("kebijakan", False)):
        page = console.sign_in(account).get(f"/simulasi/{number}").text
        assert (f">{name}</a>" in page) == sees, account
    assert console.sign_in("operator").get(f"/simulasi/{number}").status_code == 403
    assert console.sign_in("penetap").get("/simulasi/99").status_code == 404
    assert console.sign_in("penetap").get("/simulasi/siklus/tidak-ada").status_code == 404


@pytest.mark.slow
def test_english_speaks_english(kept):
    console, number = kept
    person = console.sign_in("penetap")
    person.post("/bahasa", bahasa="en", kembali="/")
    page = person.get(f"/simulasi/{number}").text
    assert "Employees whose rating changes" in page
    assert "Change in a year by agency, rupiah" in page
    assert not re.search(r">\s*Pagu setahun\s*<", page)
