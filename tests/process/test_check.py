# ruff: noqa: E501
"""Every diagnostic by a table of broken files: one small change to a sound process, the code it brings, and its line."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from kinerja.cli.process import process as command
from kinerja.core.errors import FindingsError
from kinerja.process import ProcessDefinition, check_files, check_path, load_process
from kinerja.process.catalogue import CATALOGUE

OPERATIONS = ("evaluate", "issue_letter", "notify")
DECISIONS = ("predikat_kinerja",)
BPMN = "izin/process.bpmn"
FORM = "izin/forms/periksa.yaml"
FLOW_SHAPE = (
    '<bpmndi:BPMNEdge id="{0}_di" bpmnElement="{0}"><di:waypoint x="0" y="0" /><di:waypoint x="9" y="9" /></bpmndi:BPMNEdge>'
)
NODE_SHAPE = '<bpmndi:BPMNShape id="{0}_di" bpmnElement="{0}"><dc:Bounds x="0" y="0" width="9" height="9" /></bpmndi:BPMNShape>'
PLANE_END = "</bpmndi:BPMNPlane>"
PROCESS_END = "</bpmn:process>"


def sub(old: str, new: str, file: str = BPMN) -> tuple[str, str, str]:
    return file, old, new


def node(text: str, name: str) -> list[tuple[str, str, str]]:
    """Put one more node, drawn, at the end of the process."""
    return [sub(PROCESS_END, f"{text}\n  {PROCESS_END}"), sub(PLANE_END, NODE_SHAPE.format(name) + PLANE_END)]


def flow(text: str, name: str) -> list[tuple[str, str, str]]:
    return [sub(PROCESS_END, f"{text}\n  {PROCESS_END}"), sub(PLANE_END, FLOW_SHAPE.format(name) + PLANE_END)]


BROKEN: list[tuple[str, list[tuple[str, str, str]]]] = [
    # ── the file ──
    ("P001", [sub("</bpmn:definitions>", "")]),
    ("P001", [sub("<bpmn:process ", "<bpmn:process id=\"a\" ")]),
    ("P002", [sub("<bpmn:definitions", '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<bpmn:definitions')]),
    ("P002", [sub("<bpmn:definitions", '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">\n<bpmn:definitions')]),
    ("P002", [sub("<bpmn:definitions", '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<bpmn:definitions')]),
    ("P003", [sub("<bpmn:documentation>Proses", "<bpmn:documentation>" + "<a>" * 60 + "</a>" * 60 + "Proses")]),
    ("P003", [sub('encoding="UTF-8"', 'encoding="UTF-7"')]),
    ("P003", [sub("<bpmn:documentation>Proses", "<bpmn:documentation>" + "<a/>" * 20_001 + "Proses")]),
    ("P003", [sub("<bpmn:documentation>Proses", "<bpmn:documentation>" + "x" * (2 * 1024 * 1024))]),
    ("P004", [sub("http://www.omg.org/spec/BPMN/20100524/MODEL", "http://example.invalid/bpmn")]),
    ("P005", [sub("  <bpmn:process ", '  <bpmn:process id="lain" />\n  <bpmn:process ')]),
    ("P006", [sub('<bpmn:userTask id="periksa"', '<bpmn:userTask id="isi"')]),
    ("P007", [sub('isExecutable="true"', 'isExecutable="false"')]),
    ("P008", [sub('<bpmn:process id="izin"', '<bpmn:process id="ijin"'), sub('processRef="izin"', 'processRef="ijin"')]),
    # ── elements ──
    ("P010", node('<bpmn:sendTask id="kirim" name="Kirim" />', "kirim")),
    ("P010", node('<bpmn:subProcess id="dalam" name="Dalam" />', "dalam")),
    ("P010", node('<bpmn:inclusiveGateway id="atau" />', "atau")),
    ("P010", [sub("<bpmn:incoming>f_isi</bpmn:incoming>", "<bpmn:incoming>f_isi</bpmn:incoming><bpmn:ioSpecification />")]),
    ("P011", node('<bpmn:scriptTask id="skrip" scriptFormat="python"><bpmn:script>print(1)</bpmn:script></bpmn:scriptTask>', "skrip")),
    ("P012", [sub('<bpmn:timerEventDefinition id="batas_pewaktu">', '<bpmn:signalEventDefinition id="s" />\n<bpmn:timerEventDefinition id="batas_pewaktu">')]),
    ("P012", [sub('<bpmn:outgoing>f_mulai</bpmn:outgoing>', '<bpmn:outgoing>f_mulai</bpmn:outgoing><bpmn:messageEventDefinition id="m" />')]),
    ("P013", [sub("<bpmn:incoming>f_isi</bpmn:incoming>", "<bpmn:incoming>f_isi</bpmn:incoming><bpmn:multiInstanceLoopCharacteristics />")]),
    ("P014", [sub('kinerja:form="isi"', 'kinerja:form="isi" kinerja:formulir="isi"')]),
    ("P014", [sub('kinerja:operation="notify"', 'kinerja:operasi="notify"')]),
    ("P015", [sub('<bpmn:sequenceFlow id="f_isi" ', "<bpmn:sequenceFlow ")]),
    ("P016", [sub('name="Hitung" ', "")]),
    ("P017", [sub('id="ingatkan"', 'id="1ngatkan"')]),
    ("P018", [sub("<bpmn:flowNodeRef>ingat</bpmn:flowNodeRef>", "<bpmn:flowNodeRef>ingat</bpmn:flowNodeRef><bpmn:flowNodeRef>periksa</bpmn:flowNodeRef>")]),
    # ── flows ──
    ("P020", [sub('targetRef="kedaluwarsa"', 'targetRef="hilang"')]),
    ("P021", node('<bpmn:startEvent id="mulai2" />', "mulai2")),
    ("P021", [sub('<bpmn:startEvent id="mulai"', '<bpmn:intermediateCatchEvent id="mulai"'), sub("</bpmn:startEvent>", "</bpmn:intermediateCatchEvent>")]),
    ("P022", [sub("bpmn:endEvent", "bpmn:exclusiveGateway")]),
    ("P023", node('<bpmn:serviceTask id="yatim" name="Yatim" kinerja:operation="notify" />', "yatim")),
    ("P024", [sub('<bpmn:endEvent id="selesai_baik"', '<bpmn:exclusiveGateway id="selesai_baik"'), sub(
        "<bpmn:incoming>baik</bpmn:incoming>\n    </bpmn:endEvent>", "<bpmn:incoming>baik</bpmn:incoming>\n    </bpmn:exclusiveGateway>")]),
    ("P025", [sub('sourceRef="ingatkan" targetRef="sudah_diingatkan"', 'sourceRef="ingatkan" targetRef="ingatkan"')]),
    ("P026", flow('<bpmn:sequenceFlow id="dua" sourceRef="isi" targetRef="kedaluwarsa" />', "dua")),
    ("P027", [sub('<bpmn:sequenceFlow id="f_isi" sourceRef="isi" targetRef="periksa" />', '<bpmn:sequenceFlow id="f_isi" sourceRef="isi" '
        'targetRef="periksa"><bpmn:conditionExpression>hasil = "Baik"</bpmn:conditionExpression></bpmn:sequenceFlow>')]),
    ("P028", [sub('attachedToRef="isi"', 'attachedToRef="putusan"')]),
    ("P028", [sub('attachedToRef="isi"', 'attachedToRef="tiada"')]),
    ("P029", [sub('sourceRef="ingatkan" targetRef="sudah_diingatkan"', 'sourceRef="ingatkan" targetRef="mulai"')]),
    ("P029", flow('<bpmn:sequenceFlow id="dua" sourceRef="kedaluwarsa" targetRef="ingatkan" />', "dua")),
    # ── gateways ──
    ("P030", [sub(' default="dikembalikan"', "")]),
    ("P031", flow('<bpmn:sequenceFlow id="dua" sourceRef="putusan" targetRef="kedaluwarsa" />', "dua")),
    ("P032", [sub(' default="dikembalikan"', ' default="diterima"')]),
    ("P033", [sub(' default="dikembalikan"', ' default="f_isi"')]),
    ("P034", [sub('<bpmn:exclusiveGateway id="mutu" name="Baik?" default="kurang">', '<bpmn:parallelGateway id="mutu" name="Baik?">'), sub(
        "<bpmn:outgoing>kurang</bpmn:outgoing>\n    </bpmn:exclusiveGateway>", "<bpmn:outgoing>kurang</bpmn:outgoing>\n    </bpmn:parallelGateway>"),
        sub('<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">hasil = "Baik" and nilai &gt;= 76.5</bpmn:conditionExpression>', ""),
        sub('sourceRef="batas" targetRef="kedaluwarsa"', 'sourceRef="batas" targetRef="mutu"')]),
    ("P035", [sub('sourceRef="ingatkan" targetRef="sudah_diingatkan"', 'sourceRef="ingatkan" targetRef="periksa"')]),
    ("P036", [sub('sourceRef="mutu" targetRef="selesai_kurang"', 'sourceRef="mutu" targetRef="hitung"'), *flow(
        '<bpmn:sequenceFlow id="dua" sourceRef="mutu" targetRef="selesai_kurang"><bpmn:conditionExpression>nilai &lt; 10</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>", "dua")]),
    # ── conditions ──
    ("P040", [sub('keputusan = "terima"', 'keputusan = = "terima"')]),
    ("P040", [sub('keputusan = "terima"', "keputusan == 'terima'")]),
    ("P041", [sub('keputusan = "terima"', 'keputusn = "terima"')]),
    ("P042", [sub('keputusan = "terima"', "nilai + 1")]),
    ("P042", [sub('keputusan = "terima"', "keputusan > 5")]),
    ("P043", [sub('keputusan = "terima"', "${keputusan == 'terima'}")]),
    ("P043", [sub('<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">keputusan', '<bpmn:conditionExpression language="javascript">keputusan')]),
    ("P044", [sub('keputusan = "terima"', 'keputusan = "trima"')]),
    ("P044", [sub('hasil = "Baik"', 'hasil in ("Baik", "Kurng")')]),
    ("P044", [sub('keputusan = "terima"', '"trima" != keputusan')]),
    ("P045", [sub('<kinerja:data name="nilai" type="number" />', '<kinerja:data name="nilai" type="angka" />')]),
    ("P045", [sub('<kinerja:data name="nilai" type="number" />', '<kinerja:data name="nilai akhir" type="number" />')]),
    ("P045", [sub('<kinerja:data name="nilai" type="number" />', '<kinerja:data name="nilai" type="number" />' * 2)]),
    ("P046", [sub('keputusan = "terima"', 'today() &gt; date("2026-07-01")')]),
    # ── roles and forms ──
    ("P050", [sub('kinerja:role="bkpsdm"', 'kinerja:role="bkpsdn"')]),
    ("P051", [sub("        <bpmn:flowNodeRef>periksa</bpmn:flowNodeRef>\n", "")]),
    ("P052", [sub(' kinerja:form="isi"', "")]),
    ("P053", [sub('kinerja:form="periksa"', 'kinerja:form="periska"')]),
    ("P054", [sub("type: choice", "type: pilihan", FORM)]),
    ("P054", [sub("form: periksa", "form: lain", FORM)]),
    ("P054", [sub("fields:", "fields: [", FORM)]),
    ("P055", [("izin/forms/sisa.yaml", "", "form: sisa\ntitle: {id: S, en: S}\nintro: {id: S, en: S}\nfields:\n  s: {label: {id: S, en: S}, type: text}\n")]),
    ("P056", [sub("  alasan: {label: {id: Alasan, en: Reason}, type: long_text", "  nilai: {label: {id: N, en: N}, type: text}\n  alasan: {label: {id: Alasan, en: Reason}, type: long_text", FORM)]),
    ("P057", [sub('kinerja:stage="penilaian"', 'kinerja:stage="penilian"')]),
    ("P057", [sub(' kinerja:stage="penilaian"', "")]),
    ("P058", [sub('kinerja:role="bkpsdm"', 'kinerja:role="sistem"')]),
    ("P059", [sub('kinerja:form="periksa"', 'kinerja:form="periksa" kinerja:separate="tidak_ada"')]),
    # ── operations ──
    ("P060", [sub(' kinerja:operation="notify"', "")]),
    ("P061", [sub('kinerja:operation="notify"', 'kinerja:operation="notfy"')]),
    ("P062", [sub(' kinerja:decision="kasus"', "")]),
    ("P063", [sub('kinerja:decision="kasus"', 'kinerja:decision="predikat_kerja"')]),
    ("P064", [sub('kinerja:template="ingat_izin"', 'kinerja:template="ingat"')]),
    ("P065", [("izin/notices.yaml", "{nama} waits", "{name} waits")]),
    ("P065", [("izin/notices.yaml", ', en: "The request of {nama} waits."', "")]),
    ("P066", [sub('kinerja:operation="notify"', 'kinerja:operation="issue_letter" kinerja:letter="surat"')]),
    ("P067", [sub('kinerja:to="pegawai"', 'kinerja:to="pegawi"')]),
    # ── timers ──
    ("P070", [sub("P10D", "sepuluh hari")]),
    ("P070", [sub("P10D", "R3/P10D")]),
    ("P070", [sub("bpmn:timeDuration", "bpmn:timeCycle")]),
    ("P071", [sub("P5D", "PT8H")]),
    ("P072", [sub('kinerja:calendar="hari_kerja"', 'kinerja:calendar="kerja"')]),
    ("P073", [sub('kinerja:form="periksa"', 'kinerja:form="periksa" kinerja:due="PT8H"')]),
    ("P073", [sub('kinerja:form="periksa"', 'kinerja:form="periksa" kinerja:due="P5D" kinerja:remind="dua"')]),
    ("P074", [sub('kinerja:form="periksa"', 'kinerja:form="periksa" kinerja:after="akhir_periode"')]),
    ("P075", [sub('kinerja:form="periksa"', 'kinerja:form="periksa" kinerja:due="P5D" kinerja:escalate="bkpsm"')]),
    ("P075", [sub('kinerja:form="periksa"', 'kinerja:form="periksa" kinerja:due="P5D" kinerja:calendar="kerja"')]),
    ("P076", [sub("P10D", "P0D")]),
    ("P076", [sub("P10D", "P99999D")]),
    ("P076", [sub("P10D", "P11Y")]),
    ("P076", [sub('kinerja:form="periksa"', 'kinerja:form="periksa" kinerja:due="P99999D"')]),
    ("P077", [sub('attachedToRef="periksa"', 'attachedToRef="periksa" kinerja:days="nilay"')]),
    ("P077", [sub('attachedToRef="periksa"', 'attachedToRef="periksa" kinerja:days="keputusan"')]),
    # ── called processes ──
    ("P080", node('<bpmn:callActivity id="panggil" name="Panggil" calledElement="tiada" />', "panggil")),
    ("P081", node('<bpmn:callActivity id="panggil" name="Panggil" calledElement="izin" />', "panggil")),
    ("P082", [*node('<bpmn:callActivity id="panggil" name="Panggil" calledElement="lain" />', "panggil"), ("lain/process.bpmn", "", "copy"),
        ("lain/forms/isi.yaml", "", "copy"), ("lain/forms/periksa.yaml", "", "copy")]),
    # ── the drawing, other tools ──
    ("P090", [sub("<bpmndi:BPMNDiagram ", "<bpmn:extensionElements "), sub("</bpmndi:BPMNDiagram>", "</bpmn:extensionElements>"),
        sub("bpmndi:BPMNPlane", "kinerja:dulu")]),
    ("P091", [sub('bpmnElement="periksa"', 'bpmnElement="kolam"')]),
    ("P091", [sub('bpmnElement="f_isi"', 'bpmnElement="kolam"')]),
    ("P092", [sub(PLANE_END, NODE_SHAPE.format("hantu") + PLANE_END)]),
    ("P093", [sub('<bpmn:userTask id="isi"', '<bpmn:userTask xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:formKey="x" id="isi"')]),
]  # fmt: skip


@pytest.fixture(scope="module")
def sound(permit: ProcessDefinition) -> Mapping[str, str]:
    return permit.files


def broken(sound: Mapping[str, str], changes: list[tuple[str, str, str]]) -> dict[str, str]:
    files = dict(sound)
    for file, old, new in changes:
        if not old:
            files[file] = files[file.replace("lain/", "izin/")].replace('id="izin"', 'id="lain"') if new == "copy" else new
            continue
        assert old in files[file], f"{old!r} is not in {file}: the table is out of date"
        files[file] = files[file].replace(old, new)
    return files


@pytest.mark.parametrize(("code", "changes"), BROKEN, ids=[f"{code}-{number}" for number, (code, _) in enumerate(BROKEN)])
def test_each_fault_is_named(sound: Mapping[str, str], code: str, changes: list[tuple[str, str, str]]) -> None:
    checked = check_files("izin", broken(sound, changes), OPERATIONS, DECISIONS, letters=("keputusan",), fresh=True)
    found = [diagnostic for diagnostic in checked.diagnostics if diagnostic.code == code]
    assert found, [diagnostic.line("en") for diagnostic in checked.diagnostics]
    for diagnostic in found:
        assert diagnostic.place.file.startswith("workflows/izin/") or code == "P082"
        assert diagnostic.place.line > 0 or code in ("P003",)
        assert "\n" not in diagnostic.line("id")
        assert diagnostic.text_id
        assert diagnostic.remedy_id
        assert diagnostic.text_en != diagnostic.text_id
    is_error = CATALOGUE[code].severity == "error"
    assert (checked.definition is None) == is_error
    if not is_error:
        assert not checked.errors


def test_the_table_has_every_code() -> None:
    assert {code for code, _ in BROKEN} == set(CATALOGUE) - {"P009"}, "P009 is of files that are not there: below"


def test_the_manual_explains_every_code(root: Path) -> None:
    text = (root / "docs" / "process.md").read_text("utf-8")
    explained = re.findall(r"^\| (P\d{3}) \|", text, flags=re.MULTILINE)
    assert explained == sorted(CATALOGUE)


def test_sound_files_have_no_findings(sound: Mapping[str, str]) -> None:
    assert check_files("izin", sound, OPERATIONS, DECISIONS, fresh=True).diagnostics == ()


def test_everything_is_told_at_once(sound: Mapping[str, str]) -> None:
    files = broken(
        sound,
        [
            sub('kinerja:operation="notify"', 'kinerja:operation="notfy"'),
            sub('keputusan = "terima"', 'keputusn = "terima"'),
            sub('kinerja:role="bkpsdm"', 'kinerja:role="bkpsdn"'),
            sub("P10D", "lama"),
            sub("type: choice", "type: pilihan", FORM),
        ],
    )
    assert {found.code for found in check_files("izin", files, OPERATIONS).errors} >= {"P041", "P050", "P054", "P061", "P070"}


def test_a_slip_of_the_pen_is_recognised(sound: Mapping[str, str]) -> None:
    files = broken(sound, [sub('keputusan = "terima"', 'keputusn = "terima"')])
    (found,) = check_files("izin", files, OPERATIONS).errors
    assert "maksud Anda “keputusan”?" in found.text_id
    assert found.place.line == next(n for n, line in enumerate(files[BPMN].splitlines(), 1) if "keputusn" in line)


def test_no_external_entity_is_read(sound: Mapping[str, str], tmp_path: Path) -> None:
    secret = tmp_path / "rahasia.txt"
    secret.write_text("RAHASIA-NEGARA")
    files = broken(
        sound,
        [
            sub("<bpmn:definitions", f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>\n<bpmn:definitions'),
            sub("Proses kecil", "&x;"),
        ],
    )
    checked = check_files("izin", files, OPERATIONS)
    assert checked.source is None
    assert [found.code for found in checked.diagnostics] == ["P002"]
    assert "RAHASIA" not in str(checked.diagnostics)


def test_loading_a_broken_process_raises_with_all_findings(tmp_path: Path, sound: Mapping[str, str]) -> None:
    for name, text in broken(sound, [sub("P10D", "lama"), sub('kinerja:role="bkpsdm"', 'kinerja:role="x"')]).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    with pytest.raises(FindingsError) as error:
        load_process(tmp_path / "izin", OPERATIONS)
    assert error.value.code == "proses_bermasalah"
    assert error.value.exit_status == 1
    assert {found["code"] for found in error.value.details["diagnostics"]} == {"P050", "P070"}


def test_a_file_fresh_from_an_editor_is_judged_by_its_own_id(tmp_path: Path, sound: Mapping[str, str]) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "unduhan (1).bpmn").write_text(sound[BPMN], "utf-8")
    (tmp_path / "notices.yaml").write_text(sound["izin/notices.yaml"], "utf-8")
    for form in ("isi", "periksa"):
        (tmp_path / "forms" / f"{form}.yaml").write_text(sound[f"izin/forms/{form}.yaml"], "utf-8")
    checked = check_path(tmp_path / "unduhan (1).bpmn", OPERATIONS)
    assert checked.diagnostics == ()
    assert checked.definition is not None
    assert checked.definition.id == "izin"


UNREAD: list[tuple[str, bytes | None, str]] = [
    ("tiada", None, "P009"),
    ("tiada.bpmn", None, "P009"),
    ("utf16.bpmn", '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"), "P003"),
    ("latin.bpmn", "<?xml version='1.0'?><a>é</a>".encode("latin-1"), "P003"),
    ("arsip.bpmn", b"PK\x03\x04\xff\xfe" + b"\0" * 20, "P003"),
    ("besar.bpmn", b"<a>" + b"x" * (2 * 1024 * 1024) + b"</a>", "P003"),
    ("kosong.bpmn", b"", "P001"),
    ("kosong/process.bpmn/x", b"", "P009"),
]


@pytest.mark.parametrize(("name", "data", "code"), UNREAD, ids=[name for name, _, _ in UNREAD])
def test_what_cannot_be_read_is_a_finding_too(tmp_path: Path, name: str, data: bytes | None, code: str) -> None:
    """By code, in both languages, with exit status 1, and as JSON of the usual shape."""
    if data is not None:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    path = str(tmp_path / name.removesuffix("/x"))
    result = CliRunner().invoke(command, ["check", path, "--json"])
    assert result.exit_code == 1, result.output
    [found] = json.loads(result.stdout)["diagnostics"]
    assert found["code"] == code
    assert found["text"]["id"] != found["text"]["en"]
    assert found["file"].startswith(path)
    for language in ([], ["--en"]):
        told = CliRunner().invoke(command, ["check", path, *language])
        assert code in told.stdout
        assert ("error: " in told.stdout) == bool(language)


def test_an_unreadable_form_and_an_unreadable_neighbour(tmp_path: Path, sound: Mapping[str, str]) -> None:
    for name, text in sound.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "tetangga").mkdir()
    (tmp_path / "tetangga" / "process.bpmn").write_bytes(b"\xff\xfe\0")
    assert check_path(tmp_path / "izin", OPERATIONS).diagnostics == (), "a neighbour that is not called does not matter"
    (tmp_path / "izin" / "forms" / "isi.yaml").write_bytes(b"\xff\xfe\0")
    assert [found.code for found in check_path(tmp_path / "izin", OPERATIONS).diagnostics] == ["P003"]


def test_conditions_may_call_the_functions_of_feel(sound: Mapping[str, str]) -> None:
    files = broken(sound, [sub('keputusan = "terima"', 'contains(lower case(alasan), "izin") or count([nilai]) = 2')])
    assert check_files("izin", files, OPERATIONS, fresh=True).diagnostics == ()


def test_a_lane_that_holds_lanes_is_no_role(sound: Mapping[str, str]) -> None:
    files = broken(
        sound,
        [
            sub(
                '<bpmn:lane id="lajur_pegawai"',
                '<bpmn:lane id="dinas" name="Dinas"><bpmn:childLaneSet id="d"><bpmn:lane id="lajur_pegawai"',
            ),
            sub(
                '</bpmn:lane>\n      <bpmn:lane id="lajur_sistem"',
                '</bpmn:lane></bpmn:childLaneSet></bpmn:lane>\n      <bpmn:lane id="lajur_sistem"',
            ),
            sub(PLANE_END, NODE_SHAPE.format("dinas") + PLANE_END),
        ],
    )
    checked = check_files("izin", files, OPERATIONS, DECISIONS, fresh=True)
    assert checked.diagnostics == ()
    assert checked.definition is not None
    assert {task.id: task.role for task in checked.definition.tasks.values()} == {"isi": "pegawai", "periksa": "bkpsdm"}


def test_a_version_stored_before_a_code_was_known_keeps_running(sound: Mapping[str, str]) -> None:
    files = broken(sound, [sub('kinerja:to="pegawai"', 'kinerja:to="pegawi"')])
    assert check_files("izin", files, OPERATIONS, fresh=True).definition is None
    assert check_files("izin", files, OPERATIONS).definition is not None


def test_a_long_file_is_judged_in_a_moment(sound: Mapping[str, str]) -> None:
    """It took a minute: each node walked all flows, and each finding all findings."""
    chain = "".join(
        f'<bpmn:exclusiveGateway id="g{n}" /><bpmn:sequenceFlow id="d{n}" sourceRef="g{n}" targetRef="g{n + 1}" />'
        for n in range(2_000)
    )
    files = broken(sound, [sub(PROCESS_END, f'{chain}<bpmn:userTask id="g2000" />{PROCESS_END}')])
    before = time.process_time()
    checked = check_files("izin", files, OPERATIONS, fresh=True)
    assert time.process_time() - before < 5
    assert len(checked.errors) > 4_000


@pytest.mark.parametrize("decision", ["predikat_kinerja", "predikat_kerja"])
def test_decisions_are_judged_by_the_rules_beside(tmp_path: Path, root: Path, sound: Mapping[str, str], decision: str) -> None:
    (tmp_path / "rules").symlink_to(root / "rules")
    for name, text in broken(sound, [sub('kinerja:decision="kasus"', f'kinerja:decision="{decision}"')]).items():
        (tmp_path / "workflows" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "workflows" / name).write_text(text, "utf-8")
    result = CliRunner().invoke(command, ["check", str(tmp_path / "workflows" / "izin")])
    assert ("P063" in result.stdout) == (decision == "predikat_kerja"), result.output
    assert result.exit_code == int(decision == "predikat_kerja")
