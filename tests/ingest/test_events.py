"""Rows become requests, or are rejected with line and reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kinerja.core.errors import InputError
from kinerja.ingest import EventLog, load_map, measure, read_events

Read = Callable[..., EventLog]
HEADER = b"id,petugas,mulai,selesai,tenggat\n"
GOOD = "a,ani,2026-01-05T08:00:00+07:00,2026-01-05T09:00:00+07:00,2026-01-06T08:00:00+07:00\n"


@pytest.mark.parametrize(
    ("rows", "code", "line"),
    [
        (",ani,2026-01-05T08:00:00+07:00,,\n", "tanpa_permohonan", 3),
        ("b,,2026-01-05T08:00:00+07:00,,\n", "tanpa_petugas", 3),
        ("b,ani,,2026-01-05T08:00:00+07:00,\n", "tanpa_mulai", 3),
        ("b,ani,kemarin,,\n", "waktu_tidak_sah", 3),
        ("b,ani,2026-02-30T08:00:00+07:00,,\n", "waktu_tidak_sah", 3),
        ("b,ani,2026-01-05T08:00:00,,\n", "waktu_tidak_sah", 3),
        ("b,ani,2026-01-05T08:00:00+07:00,2026-01-05T08:00:00.1234567+07:00,\n", "waktu_tidak_sah", 3),
        ("b,ani,2026-01-05T08:00:00+07:00,2026-01-05T09:00:00+07:00,\n", "tanpa_tenggat", 3),
        ("b,ani\n", "jumlah_kolom", 3),
        ("\n\nb,ani\n", "jumlah_kolom", 5),
        ('"b\nc",ani,2026-01-05T08:00:00+07:00,,\nd,,2026-01-05T08:00:00+07:00,,\n', "tanpa_petugas", 5),
    ],
)
def test_a_bad_row_is_rejected_with_its_line(read: Read, rows: str, code: str, line: int) -> None:
    log = read(GOOD + rows)
    assert [(remark.code, remark.line) for remark in log.rejected] == [(code, line)]
    assert "a" in {event.request for event in log.events}


def test_rows_that_contradict_each_other_reject_the_request_whatever_their_order(read: Read) -> None:
    one = "b,ani,2026-01-05T08:00:00+07:00,2026-01-05T09:00:00+07:00,2026-01-06T08:00:00+07:00\n"
    other = "b,budi,2026-01-05T08:00:00+07:00,2026-01-05T09:00:00+07:00,2026-01-06T08:00:00+07:00\n"
    for rows in (GOOD + one + other, GOOD + other + one):
        log = read(rows)
        assert [(remark.line, remark.code) for remark in log.rejected] == [(3, "bertentangan"), (4, "bertentangan")]
        assert [event.request for event in log.events] == ["a"]
        assert [(officer.officer, officer.finished) for officer in measure(log)] == [("ani", 1), ("budi", 0)]


def test_several_agreeing_rows_make_one_request_even_in_different_zones(read: Read) -> None:
    log = read(GOOD + "a,ani,2026-01-05T01:00:00Z,2026-01-05 02:00:00.000000+00:00,2026-01-06T10:00:00+09:00\n")
    assert (len(log.events), log.rows, log.rejected) == (1, 2, ())


def test_an_end_before_its_start_counts_with_a_warning(read: Read) -> None:
    log = read("b,ani,2026-01-05T08:00:00+07:00,2026-01-04T08:00:00+07:00,2026-01-06T08:00:00+07:00\n")
    assert [(remark.code, remark.line) for remark in log.warnings] == [("selesai_sebelum_mulai", 2)]
    assert (measure(log)[0].finished, measure(log)[0].median_days) == (1, -1)


def test_events_outside_the_declared_period_count_with_one_warning(read: Read) -> None:
    log = read("b,ani,2025-12-31T08:00:00+07:00,2025-12-31T23:59:59+07:00,2026-01-06T08:00:00+07:00\n" + GOOD)
    assert [remark.code for remark in log.warnings] == ["di_luar_periode"]
    assert len(log.events) == 2


def test_a_listed_account_that_never_appears_is_told(read: Read) -> None:
    log = read(GOOD, "no_letter: [{account: tset, reason: akun uji}]\n")
    assert [remark.code for remark in log.warnings] == ["akun_tidak_muncul"]


def test_reading_twice_gives_the_same_log(read: Read) -> None:
    assert read(GOOD) == read(GOOD)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"id,petugas,mulai,selesai\n", 1),
        (b"id,id,petugas,mulai,selesai,tenggat\n", 1),
        (HEADER + GOOD.encode() + b'b,"ani,2026', 3),
        (HEADER + b"b,\xff,,,\n", 2),
        (HEADER, 0),
        (HEADER + b"b,,,,\n", 2),
    ],
)
def test_an_unreadable_file_is_one_error_with_its_line_and_a_remedy(
    tmp_path: Path, map_text: str, content: bytes, line: int
) -> None:
    (tmp_path / "peta.yaml").write_text(map_text, "utf-8")
    file = tmp_path / "peristiwa.csv"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_events(file, load_map(tmp_path / "peta.yaml"))
    assert caught.value.place is not None
    assert (caught.value.place.file, caught.value.place.line) == (str(file), line)
    assert caught.value.remedy_id


def test_a_missing_file_and_an_unknown_format_are_input_errors(tmp_path: Path, map_text: str) -> None:
    (tmp_path / "peta.yaml").write_text(map_text, "utf-8")
    event_map = load_map(tmp_path / "peta.yaml")
    with pytest.raises(InputError, match="berkas_tidak_terbaca"):
        read_events(tmp_path / "tidak-ada.csv", event_map)
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(InputError, match="peristiwa_tidak_terbaca"):
        read_events(tmp_path / "a.pdf", event_map)


def test_a_byte_order_mark_and_semicolons_are_read(tmp_path: Path, map_text: str) -> None:
    (tmp_path / "peta.yaml").write_text(map_text + 'delimiter: ";"\n', "utf-8")
    (tmp_path / "p.csv").write_bytes(("\ufeff" + (HEADER.decode() + GOOD).replace(",", ";").replace("\n", "\r\n")).encode())
    assert len(read_events(tmp_path / "p.csv", load_map(tmp_path / "peta.yaml")).events) == 1
