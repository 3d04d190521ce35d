"""One renderer for all letter tests, and the folder of the shipped templates."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kinerja.core.exactjson import canonical
from kinerja.letters import LetterJob, LetterRenderer, Limits

LETTERS = Path(__file__).resolve().parents[2] / "workflows" / "penilaian-kinerja" / "letters"


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    """samples.py beside this file (test folders are not packages)."""
    spec = importlib.util.spec_from_file_location("letter_samples", Path(__file__).with_name("samples.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def renderer() -> Iterator[LetterRenderer]:
    with LetterRenderer(Limits(seconds=20), workers=1) as renderer:
        yield renderer


@pytest.fixture(scope="session")
def make(renderer: LetterRenderer, samples: ModuleType) -> Callable[..., bytes]:
    """The PDF of a view model through a shipped template; made once for all tests unless `anew`."""

    kept: dict[tuple[str, bytes], bytes] = {}

    def run(template: str, letter: Any, attachment: Any = None, *, anew: bool = False) -> bytes:
        content, facts = letter.content(), attachment or {"outputs": {}}
        key = (template, canonical([content, facts]))
        if anew or key not in kept:
            kept[key] = renderer.render(LetterJob(LETTERS / template, content, facts, samples.DAY))
        return kept[key]

    return run


@pytest.fixture
def own(renderer: LetterRenderer, samples: ModuleType, tmp_path: Path) -> Callable[..., bytes]:
    """The PDF of a template written by a test."""

    def run(source: str, **content: Any) -> bytes:
        (tmp_path / "uji.html").write_text(source, "utf-8")
        return renderer.render(LetterJob(tmp_path / "uji.html", content, {}, samples.DAY))

    return run
