"""What templates and content cannot do: reach, read, run, or take more than their limits."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from kinerja.core.errors import FindingsError, IncidentError, InputError, KinerjaError
from kinerja.letters import LetterJob, LetterRenderer, Limits, plain

Own = Callable[..., bytes]


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A local server that counts the connections it gets."""
    hits: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                hits.append(connection.recv(100))
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], hits
        stop.set()
        thread.join()


def test_the_listener_would_notice_a_visit(listener: tuple[int, list[bytes]]) -> None:
    port, hits = listener
    with socket.create_connection(("127.0.0.1", port)) as visit:
        visit.sendall(b"hello")
        visit.recv(1)
    assert hits == [b"hello"]


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="http://127.0.0.1:{port}/a.png">',
        '<link rel="stylesheet" href="http://127.0.0.1:{port}/a.css">',
        '<link rel="attachment" href="http://127.0.0.1:{port}/a">',
        '<a rel="attachment" href="http://127.0.0.1:{port}/a">x</a>',
        '<style>@import url("http://127.0.0.1:{port}/a.css");</style>',
        '<style>@font-face {{ font-family: f; src: url("http://127.0.0.1:{port}/f") }} p {{ font-family: f }}</style><p>x</p>',
        '<style>p {{ background: url("http://127.0.0.1:{port}/b.png") }}</style><p>x</p>',
        '<object data="http://127.0.0.1:{port}/o.svg"></object>',
        '<embed src="http://127.0.0.1:{port}/o.svg">',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:{port}/i.png" width="9" height="9"/></svg>',
        '<base href="http://127.0.0.1:{port}/"><img src="a.png">',
    ],
)
def test_no_template_reaches_the_network(own: Own, listener: tuple[int, list[bytes]], markup: str) -> None:
    port, hits = listener
    with pytest.raises(FindingsError, match="templat_bermasalah"):
        own(markup.format(port=port))
    time.sleep(0.05)
    assert hits == []


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="file:///etc/passwd">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>\">",
        "{% include '/etc/passwd' %}",
        "{% include '../uji.html' %}",
    ],
)
def test_no_template_reads_a_file(own: Own, markup: str) -> None:
    with pytest.raises(FindingsError, match="templat_bermasalah"):
        own(markup)


@pytest.mark.parametrize(
    "expression",
    [
        "x.__class__",
        "x['__class__'].y",
        "''.__class__.__mro__",
        "orang.items()",
        "orang.pop('nama')",
        "self.__init__.__globals__",
        "cycler.__init__",
        "range(9)",
        "lipsum()",
        "namespace()",
        "x|attr('format')",
        "x|safe",
        "x|format(1)",
        "x.format(1)",
        "'a' * 10**9",
        "2 ** 99",
        "'%99999999d' % 1",
        "[1] * 999999999",
        "tidak_ada",
        "orang.tidak_ada",
        "1 / 0",
        "'x'|angka",
    ],
)
def test_an_expression_outside_the_letters_language_is_refused_with_its_line(own: Own, expression: str) -> None:
    with pytest.raises(FindingsError) as caught:
        own("<p>satu</p>\n<p>{{ " + expression + " }}</p>", x="teks", orang={"nama": "Budi"})
    assert caught.value.place is not None
    assert (Path(caught.value.place.file).name, caught.value.place.line) == ("uji.html", 2)
    assert caught.value.remedy_id


def test_what_letters_need_works(own: Own) -> None:
    source = """<html lang="id"><title>t</title>{% macro baris(n) %}<p>{{ n|angka(2) }}</p>{% endmacro %}
    {% for o in orang %}{{ loop.index }}{{ loop.cycle('a', 'b') }}{{ o.items }}{{ baris(o.nilai) }}{% endfor %}
    {{ orang|length + 1 }}{{ tanggal|tanggal }}{{ 1|diktum }}{{ 2|huruf }}{{ uang|rupiah }}"""
    pdf = own(source, orang=[{"items": "x", "nilai": "1/3"}, {"items": "y", "nilai": 7}], tanggal="2026-07-20", uang=1234567)
    assert pdf.startswith(b"%PDF-1.7")


@pytest.mark.parametrize("value", [1.5, object(), b"x", {1: "x"}, {"a": {2, 3}}])
def test_content_other_than_plain_values_is_refused(own: Own, value: object) -> None:
    with pytest.raises(InputError, match="isi_surat_tidak_polos"):
        own("x", isi=value)


def test_plain_strips_subclasses_and_survives_json() -> None:
    class Loud(str):
        def __html__(self) -> str:
            return "<script>"

    @dataclass(frozen=True)
    class Row:
        day: date
        number: Fraction

    assert type(plain(Loud("x"))) is str
    assert plain(Row(date(2026, 1, 2), Fraction(3, 2))) == {"day": "2026-01-02", "number": "1.5"}
    assert plain([Fraction(3), True, None, "a"]) == [3, True, None, "a"]
    deep: list[object] = []
    for _ in range(50):
        deep = [deep]
    with pytest.raises(TypeError):
        plain(deep)


@pytest.mark.slow
def test_a_bomb_is_stopped_and_the_queue_goes_on(tmp_path: Path) -> None:
    bombs = {
        "waktu": "{% set s = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' %}" + "{% for a in s %}" * 7 + "{% endfor %}" * 7,
        "memori": "{% set x = 'aaaaaaaaaaaaaaaa' %}" + "{% set x = x ~ x ~ x ~ x ~ x ~ x ~ x ~ x ~ x ~ x %}" * 9 + "{{ x|length }}",
        "rekursi": "{% macro f(n) %}{{ f(n) }}{% endmacro %}{{ f(1) }}",
        "panjang": "{% set s = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' %}" + "{% for a in s %}" * 5 + "<p>bom</p>" + "{% endfor %}" * 5,
        "baik": "<html lang='id'><title>baik</title><p>baik</p>",
    }
    for name, source in bombs.items():
        (tmp_path / f"{name}.html").write_text(source, "utf-8")
    with LetterRenderer(Limits(seconds=6, memory=1024 * 1024 * 1024), workers=1) as renderer:
        jobs = [LetterJob(tmp_path / f"{name}.html", {}, {}, date(2026, 7, 20)) for name in bombs]
        time_bomb, memory_bomb, recursion, endless, good = renderer.render_many(jobs)
    assert isinstance(time_bomb, IncidentError)
    assert isinstance(memory_bomb, IncidentError)
    assert isinstance(recursion, FindingsError)
    assert isinstance(endless, KinerjaError)
    assert isinstance(good, bytes)
    assert good.startswith(b"%PDF")


def test_a_missing_template_is_one_error(renderer: LetterRenderer, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="berkas_tidak_terbaca"):
        renderer.render(LetterJob(tmp_path / "tidak-ada.html", {}, {}, date(2026, 7, 20)))
