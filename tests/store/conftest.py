"""Stores to test on: SQLite files always; PostgreSQL, on a server of our own under a temporary folder, where it is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kinerja.store.database import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open("sqlite:kota.db", tmp_path) as opened:
        opened.upgrade()
        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A fresh, upgraded store on each of the two."""
    url = "sqlite:kota.db" if request.param == "sqlite" else new_database(request.getfixturevalue("postgres_server"))
    with Store.open(url, tmp_path) as opened:
        opened.upgrade()
        yield opened


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that lives as long as the session: "postgresql://kinerja@127.0.0.1:PORT"."""
    found = shutil.which("initdb") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)
    if found is None:
        pytest.skip("PostgreSQL is not installed here")
    programs = Path(found).resolve().parent
    folder = tmp_path_factory.mktemp("postgres")
    user = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    if user:
        shutil.chown(folder, user)
        for parent in folder.parents[:3]:
            parent.chmod(parent.stat().st_mode | 0o055)
    data = folder / "data"
    subprocess.run(
        [programs / "initdb", "-D", data, "-A", "trust", "-U", "kinerja", "-E", "UTF8", "--no-sync"],
        check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder, "-F"],
        user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"postgresql://kinerja@127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                psycopg.connect(f"{address}/postgres").close()
                break
            except psycopg.OperationalError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def new_database(server: str) -> str:
    """A new empty database on the server; its URL."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM pg_database").fetchall()
        connection.execute(f'CREATE DATABASE "uji{count}"')
    return f"{server}/uji{count}"
