"""The strict YAML loader: places, refusals, bounds."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest

from kinerja.policy.diagnostics import Report
from kinerja.policy.source import MAX_BYTES, ListNode, MapNode, Scalar, parse_text, read_file


def parse(text: str) -> tuple[MapNode, Report]:
    report = Report()
    root = parse_text(text, "a.yaml", report)
    assert isinstance(root, MapNode)
    return root, report


def refusals(text: str) -> list[str]:
    report = Report()
    parse_text(text, "a.yaml", report)
    return [found.code for found in report]


def test_scalars_stay_text() -> None:
    root, report = parse("a: 1.10\nb: no\nc: 2026-01-01\nd: 1:30\ne: [0o17, ~]\n")
    assert [node.text for _, node in root.items() if isinstance(node, Scalar)] == ["1.10", "no", "2026-01-01", "1:30"]
    listed = root.get("e")
    assert isinstance(listed, ListNode)
    assert [item.text for item in listed.items if isinstance(item, Scalar)] == ["0o17", "~"]
    assert len(report) == 0


def test_places_count_from_one_and_follow_block_lines() -> None:
    root, _ = parse("a:   x\ntable: |\n\n   | p |\n    | q |\n")
    plain, block = root.get("a"), root.get("table")
    assert isinstance(plain, Scalar)
    assert isinstance(block, Scalar)
    assert str(plain.place) == "a.yaml:1:6"
    assert str(block.at(block.text.index("p"))) == "a.yaml:4:6"
    assert str(block.at(block.text.index("q"))) == "a.yaml:5:7"


def test_quoted_place_is_the_first_character_inside() -> None:
    root, _ = parse('a: "xyz"\n')
    quoted = root.get("a")
    assert isinstance(quoted, Scalar)
    assert str(quoted.at(2)) == "a.yaml:1:7"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\na: 2\n", "R003"),
        ("a: &x 1\nb: *x\n", "R007"),
        ("a: !!python/object:os.system 1\n", "R007"),
        ("a: [1, 2\n", "R002"),
        ("a: 'x\n", "R002"),
        ("a: b: c\n", "R002"),
        ("\ta: 1\n", "R002"),
        ("a: \x07\n", "R002"),
        ("", "R002"),
        ("a: 1\n---\nb: 2\n", "R002"),
        ("? [1, 2]\n: x\n", "R002"),
        ("a: " + "[" * 30 + "]" * 30, "R008"),
    ],
)
def test_refusals(text: str, code: str) -> None:
    assert code in refusals(text)


def test_the_first_of_two_keys_counts() -> None:
    root, report = parse("a: 1\nb: 2\na: 3\n")
    kept = root.get("a")
    assert isinstance(kept, Scalar)
    assert kept.text == "1"
    assert [str(found.place) for found in report] == ["a.yaml:3:1"]


BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))


@pytest.mark.parametrize(
    "text", [BOMB, "a: " + "[" * 5000, "a: " + "{b: " * 5000, "- " * 5000 + "x", "x: [" + "1, " * 2_000_000 + "1]"], ids=range(5)
)
def test_bombs_are_refused_fast_and_small(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bomb.yaml"
    path.write_text(text)
    tracemalloc.start()
    begun = time.perf_counter()
    report = Report()
    read_file(path, "bomb.yaml", report)
    took = time.perf_counter() - begun
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.has_errors
    assert took < 0.1
    assert peak < 50 * 1024 * 1024


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_text("# " + "x" * MAX_BYTES)
    report = Report()
    assert read_file(path, "big.yaml", report).root is None
    assert [found.code for found in report] == ["R008"]


def test_missing_and_non_utf8_files(tmp_path: Path) -> None:
    report = Report()
    read_file(tmp_path / "none.yaml", "none.yaml", report)
    (tmp_path / "latin.yaml").write_bytes(b"a: 1\nb: caf\xe9\n")
    read_file(tmp_path / "latin.yaml", "latin.yaml", report)
    assert [(found.code, str(found.place)) for found in report] == [("R002", "latin.yaml:2"), ("R001", "none.yaml")]
