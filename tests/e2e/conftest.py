"""A browser (the system's Chromium) and a server process that can be stopped and started between any two steps."""

from __future__ import annotations

import importlib.util
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


class Server:
    """`kinerja serve` on a city, as its own process group."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-c", "from kinerja.cli import main; main()"]
        command += ["serve", "--city", str(self.folder), "--port", str(self.port)]
        log = (self.folder / "serve.log").open("ab")
        with log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        for _ in range(150):
            time.sleep(0.2)
            try:
                with urllib.request.urlopen(self.address + "/masuk", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                assert self.process.poll() is None, (self.folder / "serve.log").read_text("utf-8")
        raise AssertionError("the server did not come up: " + (self.folder / "serve.log").read_text("utf-8"))

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
            self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()


@pytest.fixture(scope="session")
def small() -> ModuleType:
    """The small city of the console's tests."""
    file = PROJECT / "tests" / "admin" / "smallcity.py"
    spec = importlib.util.spec_from_file_location("smallcity", file)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault("smallcity", importlib.util.module_from_spec(spec))
    if not hasattr(module, "build"):
        spec.loader.exec_module(module)
    return module


@pytest.fixture
def server(small: ModuleType, tmp_path: Path) -> Iterator[Server]:
    """The small city, its operator's case waiting for the appraiser, served by a process of its own."""
    with small.build(tmp_path / "kota") as city:
        small.advance(city, "operator", "nilai_perilaku")
    running = Server(tmp_path / "kota")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()
