"""The picture: well-formed, the file's own drawing, the case's way and place marked, safe, the same every time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree

from kinerja.cli.process import process as command
from kinerja.process import ProcessDefinition, build_process, picture

SVG = "{http://www.w3.org/2000/svg}"


def tree(text: str) -> Any:
    return etree.fromstring(text.encode())


@pytest.fixture
def halfway(appraisal: ProcessDefinition, case: Callable[..., Any]) -> Any:
    run = case(appraisal)
    run.start(perlu_penilaian_mutu=True)
    run.do("susun_skp")
    run.do("setujui_skp", keputusan_skp="setuju")
    return run.now


def group(root: Any, name: str) -> Any:
    (found,) = root.xpath(f'//*[@id="proses-{name}"]')
    return found


def test_every_node_is_drawn_with_its_name(appraisal: ProcessDefinition) -> None:
    root = tree(picture(appraisal))
    for node in appraisal.main.nodes.values():
        words = " ".join(text.strip() for text in group(root, node.id).itertext())
        assert (node.name or node.id).split()[0] in words
    lanes = " ".join(root.itertext())
    for lane in appraisal.lanes:
        assert lane.name.split()[0] in lanes


def test_the_way_is_strong_and_only_the_way(appraisal: ProcessDefinition, halfway: Any) -> None:
    root = tree(picture(appraisal, halfway.done, halfway.current))
    strong = [path for path in root.iter(f"{SVG}path") if path.get("marker-end") == "url(#proses-lalu)"]
    taken = [name for name in halfway.done if name in appraisal.main.flows]
    assert len(strong) == len(taken) == 4
    weak = [path for path in root.iter(f"{SVG}path") if path.get("marker-end") == "url(#proses-alur)"]
    assert len(strong) + len(weak) == len(appraisal.main.flows)


def test_the_place_is_marked_in_words_too(appraisal: ProcessDefinition, halfway: Any) -> None:
    text = picture(appraisal, halfway.done, halfway.current)
    root = tree(text)
    assert "Di sini" in "".join(root.itertext())
    assert root.find(f"{SVG}desc").text.endswith("Kasus berada di: Laporkan realisasi dan bukti.")
    titles = {name: group(root, name).find(f"{SVG}title").text for name in ("susun_skp", "lapor_realisasi", "terbitkan")}
    assert titles["susun_skp"].startswith("Susun rencana kinerja (SKP) – selesai")
    assert "– sedang berjalan" in titles["lapor_realisasi"]
    assert "– belum" in titles["terbitkan"]


def test_late_and_named(appraisal: ProcessDefinition, halfway: Any) -> None:
    text = picture(appraisal, halfway.done, halfway.current, halfway.current, labels={"lapor_realisasi": "Budi <3 hari & lebih>"})
    assert "#9e2a2b" in text
    assert "Budi <3 hari & lebih>" in "".join(tree(text).itertext())
    assert "Terlambat: Laporkan realisasi dan bukti." in tree(text).find(f"{SVG}desc").text
    assert "Late" in picture(appraisal, halfway.done, (), halfway.current, language="en")


def test_it_is_the_same_every_time_and_small(appraisal: ProcessDefinition, halfway: Any) -> None:
    one, other = (picture(appraisal, list(halfway.done), set(halfway.current)) for _ in range(2))
    assert one == other
    assert len(one) < 40_000


def test_it_shows_under_a_strict_policy(appraisal: ProcessDefinition, halfway: Any) -> None:
    text = picture(appraisal, halfway.done, halfway.current)
    root = tree(text)
    assert root.get("role") == "img"
    for element in root.iter(etree.Element):
        assert etree.QName(element).localname not in ("script", "style", "image", "use", "foreignObject", "a")
        for name in element.attrib:
            assert not name.startswith("on")
            assert "href" not in name
            assert name != "style"
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    assert "@font-face" not in text


def test_everything_lies_inside_the_frame(appraisal: ProcessDefinition) -> None:
    root = tree(picture(appraisal))
    x, y, width, height = (float(part) for part in root.get("viewBox").split())
    for element in root.xpath('//*[local-name()="rect"][not(ancestor::*[@transform])]'):
        assert x <= float(element.get("x")) <= x + width
        assert y <= float(element.get("y")) <= y + height
        assert float(element.get("x")) + float(element.get("width")) <= x + width + 0.1


def test_words_keep_inside_their_boxes(appraisal: ProcessDefinition) -> None:
    from kinerja.process.lettering import width, wrap

    for node in appraisal.main.nodes.values():
        if not node.is_event and not node.is_gateway:
            box = appraisal.main.drawing.shapes[node.id].box
            lines = wrap(node.name, box.width - 16, 13.5)
            assert len(lines) <= 4
            assert all(width(line, 13.5) <= box.width - 16 for line in lines)
    assert wrap("pertanggungjawaban", 60, 12)[0].endswith("-")
    assert "".join(line.removesuffix("-") for line in wrap("pertanggungjawaban", 60, 12)) == "pertanggungjawaban"


def test_names_from_a_file_cannot_break_out(appraisal: ProcessDefinition) -> None:
    files = dict(appraisal.files)
    name = "penilaian-kinerja/process.bpmn"
    files[name] = files[name].replace(
        'name="Terbitkan keputusan"', 'name="&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot;&amp;"'
    )
    text = picture(build_process("penilaian-kinerja", files))
    assert "<script" not in text
    assert tree(text) is not None


def test_nodes_alone_are_enough_to_find_the_way(appraisal: ProcessDefinition, halfway: Any) -> None:
    only_nodes = [name for name in halfway.done if name in appraisal.main.nodes]
    text = picture(appraisal, only_nodes, halfway.current)
    assert text.count("url(#proses-lalu)") >= 4


def test_several_pictures_on_one_page_keep_apart(appraisal: ProcessDefinition) -> None:
    one, other = picture(appraisal, name="a"), picture(appraisal, name="b")
    ids = re.compile(r' id="([^"]+)"')
    assert not set(ids.findall(one)) & set(ids.findall(other))


def test_a_process_without_marks_needs_no_legend(appraisal: ProcessDefinition) -> None:
    assert "Sudah dilalui" not in picture(appraisal)
    assert "Sudah dilalui" in picture(appraisal, ["mulai"])
    bare = replace(appraisal.main, drawing=replace(appraisal.main.drawing, shapes={}, edges={}))
    assert tree(picture(bare)) is not None


def test_the_commands(root: Any, tmp_path: Any) -> None:
    folder = str(root / "workflows" / "penilaian-kinerja")
    drawn = CliRunner().invoke(command, ["picture", folder + "/process.bpmn"])
    assert drawn.exit_code == 0
    assert tree(drawn.stdout).tag == f"{SVG}svg"
    out = tmp_path / "baru" / "p.svg"
    assert CliRunner().invoke(command, ["picture", folder, "-o", str(out)]).exit_code == 0
    assert out.read_text("utf-8") == drawn.stdout
    checked = CliRunner().invoke(command, ["check", folder, "--json"])
    assert checked.exit_code == 0
    assert '"ok": true' in checked.stdout
    broken = tmp_path / "p.bpmn"
    broken.write_text("<a/>", "utf-8")
    for arguments in (["check", str(broken)], ["check", str(broken), "--json"], ["picture", str(broken)]):
        result = CliRunner().invoke(command, arguments)
        assert result.exit_code == 1
        assert "P004" in result.output or "BPMN 2.0" in result.output
    assert CliRunner().invoke(command, ["check", str(tmp_path / "tiada.bpmn")]).exit_code == 1
