"""Reasons that people write for what they do: how long one must be, and the one refusal of shorter ones."""

from __future__ import annotations

from ..core.errors import InputError

SHORTEST = 10


def written(text: str, least: int = SHORTEST) -> str:
    """The reason without blanks around it; InputError(`alasan_terlalu_pendek`) below `least` characters, runs of blanks as one."""
    if len(" ".join(text.split())) < least:
        raise InputError(
            "alasan_terlalu_pendek",
            f"tuliskan alasannya, sedikitnya {least} huruf",
            f"write the reason, in {least} characters or more",
        )
    return text.strip()
