"""The key that each form carries, so that sending it twice is one act."""

from __future__ import annotations

from flask import request

from kinerja.core.errors import InputError

MAX_KEY = 60


def sent_key() -> str:
    """The key of the form that was sent; InputError(`kunci_hilang`) for none, or one that no page of ours made."""
    key = request.form.get("kunci", "")
    if not key or len(key) > MAX_KEY or not key.isalnum():
        raise InputError("kunci_hilang", "formulir ini tanpa kunci", "this form carries no key")
    return key


def form_key(act: str) -> str:
    """The idempotency key of an act that a form asks for."""
    return f"{act}-{sent_key()}"
