"""The rule set on the page about the rule language is checked and run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kinerja.engine import Engine
from kinerja.engine.reactions import run_reactions
from kinerja.policy import check_policy, run_examples

PAGE = Path(__file__).parents[2] / "docs" / "rule-language.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    blocks = re.findall(r"^```yaml (\S+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    assert len(blocks) >= 8
    for name, content in blocks:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def test_the_rule_set_of_the_page_is_clean(folder: Path) -> None:
    report = check_policy(folder)
    assert [found.line("en") for found in report.diagnostics] == []
    assert report.policy is not None


def test_its_cases_pass(folder: Path) -> None:
    policy = check_policy(folder).policy
    assert policy is not None
    with Engine(policy) as engine:
        run = run_examples(policy, engine.decide)
        reactions = run_reactions(engine)
    assert [result.why_en for result in run.failed] == []
    assert len(run.results) == 19
    assert [one.diagnostic().line("en") for one in reactions if not one.passed] == []
    assert len(reactions) == 3
