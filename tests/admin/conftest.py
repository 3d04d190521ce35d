"""A console over the small city: one city a module for reading, one of its own for a test that changes it."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from kinerja.services.city import City
from kinerja.services.engines import Engines
from kinerja_admin import create_app

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def _small_city() -> ModuleType:
    """The builder beside this file; tests are not a package."""
    spec = importlib.util.spec_from_file_location("smallcity", Path(__file__).with_name("smallcity.py"))
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault("smallcity", importlib.util.module_from_spec(spec))
    if not hasattr(module, "build"):
        spec.loader.exec_module(module)
    return module


@dataclass
class Browser:
    """A browser in the hands of one person: keeps its cookies, finds the token of the page it is on."""

    client: FlaskClient
    known: str = ""

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def token(self) -> str:
        """The token of this session, from a page everyone may open."""
        if not self.known:
            found = TOKEN.search(self.client.get("/bukan-halaman").text)
            assert found is not None
            self.known = found.group(1)
        return self.known

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form as a page would: with its token."""
        return self.client.post(path, data=fields | {"csrf_token": self.token()})

    def cookie(self) -> str:
        found = self.client.get_cookie("kinerja")
        assert found is not None
        return str(found.value)


@dataclass
class Console:
    """The application and the city under it."""

    app: Flask
    city: City
    small: ModuleType

    def visitor(self) -> Browser:
        return Browser(self.app.test_client())

    def sign_in(self, account: str) -> Browser:
        browser = self.visitor()
        answer = browser.post("/masuk", username=account, password=self.small.PASSWORD)
        assert answer.status_code == 302, answer.text
        return browser


@pytest.fixture(scope="session")
def small() -> ModuleType:
    return _small_city()


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Engines for all cities of the run: reading the rules and starting a worker takes a second."""
    shared = Engines(tmp_path_factory.mktemp("mesin"))
    yield shared
    shared.close()


@pytest.fixture(scope="session")
def built(small: ModuleType, engines: Engines, made_once: Callable[[str, Callable[[Path], None]], Path]) -> dict[str, Path]:
    """Folders of the small city, built once: "" as it begins, "terbitkan" with the operator's case ready to be issued."""

    def begin(folder: Path) -> None:
        with small.build(folder, engines=engines):
            pass

    def advance(folder: Path) -> None:
        shutil.copytree(first, folder)
        with small.open_city(folder, engines=engines) as city:
            small.advance(city, "operator", "terbitkan")

    first = made_once("kota-awal", begin)
    return {"": first, "terbitkan": made_once("kota-terbit", advance)}


@pytest.fixture(scope="module")
def module_console(
    small: ModuleType, built: dict[str, Path], engines: Engines, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Console]:
    yield from _over(small, engines, built[""], tmp_path_factory.mktemp("bersama") / "kota")


@pytest.fixture
def console(module_console: Console) -> Console:
    """Shared by the tests of a module, which only read it."""
    module_console.city.store.activate()  # a test before may have opened a city of its own
    return module_console


@pytest.fixture
def own_console(small: ModuleType, built: dict[str, Path], engines: Engines, tmp_path: Path) -> Iterator[Console]:
    """For a test that changes the city."""
    yield from _over(small, engines, built[""], tmp_path / "kota")


@pytest.fixture
def ready_console(small: ModuleType, built: dict[str, Path], engines: Engines, tmp_path: Path) -> Iterator[Console]:
    """A city of one's own whose operator is evaluated and waits for Terbitkan."""
    yield from _over(small, engines, built["terbitkan"], tmp_path / "kota")


def _over(small: ModuleType, engines: Engines, template: Path, folder: Path) -> Iterator[Console]:
    shutil.copytree(template, folder)
    with small.open_city(folder, engines=engines) as city:
        app = create_app(city, testing=True)
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(engines.folder))  # templates are compiled once a run
        yield Console(app, city, small)
