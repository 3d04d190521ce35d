from __future__ import annotations

from pathlib import Path

import pytest

from kinerja.policy import Policy, load_policy


@pytest.fixture(scope="session")
def rules(project: Path) -> Path:
    return project / "rules"


@pytest.fixture(scope="session")
def policy(rules: Path) -> Policy:
    return load_policy(rules)


@pytest.fixture(scope="session")
def facts(policy: Policy) -> dict[str, set[str]]:
    return {name: set(entity.facts) for name, entity in policy.vocabulary.entities.items()}
