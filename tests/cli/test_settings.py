"""A city's kinerja.toml: each mistake in it is one line with the file and the setting, before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from kinerja.core.errors import InputError
from kinerja.settings import load_settings

SECRET = f'secret = "{"x" * 40}"'


@pytest.mark.parametrize(
    ("text", "code", "word"),
    [
        (f'[web]\n{SECRET}\nport = "8080"\n', "setelan_salah", "web.port"),
        (f"[web]\n{SECRET}\nport = true\n", "setelan_salah", "web.port"),
        (f"[web]\n{SECRET}\nport = 70000\n", "setelan_salah", "web.port"),
        ("[web]\nsecret = 7\n", "setelan_salah", "web.secret"),
        ('[web]\nsecret = ""\n', "setelan_salah", "web.secret"),
        ("", "setelan_salah", "web.secret"),
        (f"[city]\nname = 5\n[web]\n{SECRET}\n", "setelan_salah", "city.name"),
        (f'[demo]\nclock = "besok"\n[web]\n{SECRET}\n', "setelan_salah", "demo.clock"),
        (f'[demo]\nclock = "2026-07-01T08:00"\n[web]\n{SECRET}\n', "setelan_salah", "demo.clock"),
        (f'[evidence]\ntypes = ["pdf", "html"]\n[web]\n{SECRET}\n', "setelan_salah", "evidence.types"),
        (f'[evidence]\ntypes = "pdf"\n[web]\n{SECRET}\n', "setelan_salah", "evidence.types"),
        (f"[evidence]\nmax_megabytes = 0\n[web]\n{SECRET}\n", "setelan_salah", "evidence.max_megabytes"),
        ("[web\n", "toml_tidak_sah", "kinerja.toml"),
        (f"[web]\n{SECRET}\nhostt = 1\n", "setelan_tidak_dikenal", "web.hostt"),
    ],
)
def test_a_mistake_in_the_settings_is_named(tmp_path: Path, text: str, code: str, word: str) -> None:
    (tmp_path / "kinerja.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        load_settings(tmp_path)
    assert caught.value.code == code
    assert word in caught.value.line()
    assert caught.value.place is not None


def test_settings_left_out_are_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "kinerja.toml").write_text(f"[web]\n{SECRET}\n")
    settings = load_settings(tmp_path)
    assert (settings.port, settings.host, settings.demo_clock) == (8080, "127.0.0.1", None)
