"""docs/glossary.md names every entity, fact, parameter, decision and output of rules/ once, with the word that screens print."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kinerja.policy import load_policy
from kinerja.policy.model import Policy

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"\| `(?P<id>[a-z0-9_.]+)` \| `(?P<code>[a-z0-9_.]+)` \| (?P<word>.+) \|")


@pytest.fixture(scope="module")
def rows() -> list[re.Match[str]]:
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    return [found for line in lines if (found := ROW.fullmatch(line))]


def words_of(policy: Policy) -> dict[str, str]:
    """Qualified id → word on the screen, as the rule files say."""
    words: dict[str, str] = {}
    for entity in policy.vocabulary.entities.values():
        words[entity.name] = entity.label.id
        words |= {f"{entity.name}.{fact.name}": fact.label.id for fact in entity.facts.values()}
    words |= {parameter.name: parameter.label.id for parameter in policy.parameters.values()}
    for versions in policy.decisions.values():
        latest = versions[-1]
        words[latest.name] = latest.label.id
        words |= {f"{latest.name}.{output.name}": output.label.id for output in latest.outputs}
    return words


def test_every_name_of_the_rules_is_in_the_glossary_with_its_word(rows: list[re.Match[str]]) -> None:
    assert {row["id"]: row["word"] for row in rows} == words_of(load_policy(ROOT / "rules"))


def test_no_name_has_two_rows_and_no_identifier_two_meanings(rows: list[re.Match[str]]) -> None:
    assert [name for name, count in Counter(row["id"] for row in rows).items() if count > 1] == []
    meanings: dict[str, set[str]] = {}
    for row in rows:  # a part of a qualified id has one English word wherever it stands
        for indonesian, english in zip(row["id"].split("."), row["code"].split("."), strict=True):
            meanings.setdefault(indonesian, set()).add(english)
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


def test_the_short_words_are_names_of_the_code() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").partition("| English term | In code |")[2]
    short = [name for row in text.split("\n\n")[0].splitlines()[2:] for name in re.findall("`(.+?)`", row.split("|")[2])]
    names: set[str] = set()
    for file in (ROOT / "platform").rglob("*.py"):
        names |= set(re.findall(r"^ *(?:class |def )?(\w+)(?=[(:]| = )", file.read_text(encoding="utf-8"), re.MULTILINE))
    assert len(short) >= 13
    assert [name for name in short if name not in names] == []
