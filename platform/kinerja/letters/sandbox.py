"""Templates as data: Jinja with everything taken away that a letter does not need.

A template sees plain values and the filters below. It has no attributes but those of its own loop, no calls but its own macros
and blocks, no powers, no repeated and no formatted texts; what loops or grows is stopped by the worker's limits. Output is
always escaped.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from jinja2 import DictLoader, StrictUndefined, TemplateError, UndefinedError
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from ..core.errors import FindingsError, InputError, Place
from ..core.exactjson import read_text
from ..core.indonesian import long_date, number, rupiah

MAX_TEMPLATE_BYTES = 256 * 1024
MAX_TEMPLATES = 60
MAX_HTML_CHARACTERS = 8 * 1024 * 1024
LOOP_ATTRIBUTES = frozenset({"index", "index0", "first", "last", "length", "revindex", "previtem", "nextitem", "changed", "cycle"})
JINJA_FILTERS = (
    "capitalize",
    "default",
    "first",
    "join",
    "last",
    "length",
    "lower",
    "reject",
    "select",
    "sum",
    "title",
    "trim",
    "upper",
)
ORDINALS = (
    "KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA", "KEENAM", "KETUJUH", "KEDELAPAN", "KESEMBILAN", "KESEPULUH",
)  # fmt: skip


def read_templates(template: Path) -> dict[str, str]:
    """The template and what it may include or extend: the .html and .svg files of its own folder, by name.

    Raises InputError when the template is missing, too large or not UTF-8.
    """
    templates = {template.name: read_text(template, max_bytes=MAX_TEMPLATE_BYTES)}
    others = sorted(path for path in template.parent.iterdir() if path.suffix in (".html", ".svg") and path.is_file())
    for path in others[:MAX_TEMPLATES]:
        if path.name not in templates:
            templates[path.name] = read_text(path, max_bytes=MAX_TEMPLATE_BYTES)
    return templates


def fill(templates: Mapping[str, str], name: str, folder: str, content: Mapping[str, Any]) -> str:
    """The letter's HTML. Raises FindingsError(`templat_bermasalah`) with file and line when the template is at fault."""
    environment = _environment(tuple(templates.items()))
    parts: list[str] = []
    length = 0
    try:
        for part in environment.get_template(name).generate(content):
            length += len(part)
            if length > MAX_HTML_CHARACTERS:
                raise InputError(
                    "surat_terlalu_besar",
                    "surat melebihi batas ukuran",
                    "the letter exceeds its size limit",
                    place=Place(f"{folder}/{name}"),
                    remedy_id="perkecil isi atau pecah lampiran",
                    remedy_en="make it smaller or split the annex",
                )
            parts.append(part)
    except (
        TemplateError,
        SecurityError,
        TypeError,
        ValueError,
        ArithmeticError,
        RecursionError,
        AttributeError,
        KeyError,
    ) as error:
        raise _fault(error, name, folder, templates) from error
    return "".join(parts)


@lru_cache(maxsize=4)
def _environment(templates: tuple[tuple[str, str], ...]) -> _Environment:
    """Compiling the shipped templates takes longer than filling them: a worker keeps those of its last folders."""
    return _Environment(dict(templates))


class _Environment(ImmutableSandboxedEnvironment):
    """intercepted operators are checked at run time and, more important, never folded while compiling."""

    intercepted_binops = frozenset({"*", "**", "%", "+", "-", "/", "//"})

    def __init__(self, templates: dict[str, str]) -> None:
        super().__init__(
            loader=DictLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.globals.clear()
        # `filters` offers Jinja's own by reference; keep the few that neither format nor repeat nor unescape.
        kept = {name: self.filters[name] for name in JINJA_FILTERS}
        self.filters.clear()
        self.filters.update(kept)
        self.filters.update(FILTERS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`row.name` on content is always the entry "name": a dict's own methods do not exist for templates."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in LOOP_ATTRIBUTES:
            return getattr(obj, attribute)
        if isinstance(obj, StrictUndefined):
            raise UndefinedError(f"{obj._undefined_name!r} is undefined")
        if type(obj).__name__ == "TemplateReference" and not attribute.startswith("_"):
            return obj[attribute]
        raise SecurityError(f"attribute {attribute!r} of {type(obj).__name__}")

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Mapping):
            return obj[argument] if argument in obj else self.undefined(obj=obj, name=argument)
        if isinstance(obj, list | tuple | str) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(obj=obj, name=str(argument))
        raise SecurityError(f"item {argument!r} of {type(obj).__name__}")

    def is_safe_callable(self, obj: Any) -> bool:
        return isinstance(obj, Macro | BlockReference) or getattr(obj, "__func__", None) in (LoopContext.cycle, LoopContext.changed)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or type(left) is not int or type(right) is not int:
            raise SecurityError(f"operator {operator} on {type(left).__name__} and {type(right).__name__}")
        return super().call_binop(context, operator, left, right)


def _fault(error: Exception, name: str, folder: str, templates: Mapping[str, str]) -> FindingsError:
    line, file = 0, name
    if isinstance(error, TemplateSyntaxError):
        line, file = error.lineno or 0, error.name or name
    else:
        traceback = error.__traceback__
        while traceback is not None:
            if (
                Path(traceback.tb_frame.f_code.co_filename).name in templates
                or traceback.tb_frame.f_code.co_filename == "<template>"
            ):
                line, file = traceback.tb_lineno, traceback.tb_frame.f_globals.get("name", name)
            traceback = traceback.tb_next
    text = " ".join(str(error).split())[:200]
    kind = "fakta yang tidak ada" if isinstance(error, UndefinedError) else "perintah yang tidak diizinkan atau keliru"
    return FindingsError(
        "templat_bermasalah",
        f"templat surat: {kind} ({text})",
        f"letter template: {text}",
        place=Place(f"{folder}/{file}", line),
        remedy_id="perbaiki templat di baris itu",
        remedy_en="mend the template on that line",
    )


# ── filters ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _exact(value: Any) -> Fraction:
    """Numbers of the content are int or decimal text ("88.305", "1/3")."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"not a number: {type(value).__name__}")
    return Fraction(value)


def _angka(value: Any, digits: int | None = None) -> str:
    """1234.5 → "1.234,5"; with digits rounded half up, and a true minus sign."""
    return number(_exact(value), digits).replace("-", "−")


def _rupiah(value: Any) -> str:
    """1234567 → "Rp 1.234.567", −79075 → "−Rp 79.075", not broken between lines."""
    return rupiah(_exact(value)).replace(" ", "\u00a0").replace("-", "−")


def _tanggal(value: Any) -> str:
    """2026-07-20 → "20 Juli 2026"."""
    return long_date(date.fromisoformat(value)).replace(" ", "\u00a0")


def _diktum(value: int) -> str:
    return ORDINALS[value - 1]


def _huruf(value: int) -> str:
    """1 → "a"."""
    return chr(ord("a") + value - 1)


def _qr(value: str) -> str:
    """A QR code as a data address for <img src>."""
    return str(segno.make(value, error="m", micro=False).svg_data_uri(border=0, dark="#1a1a1a", xmldecl=True, svgns=True))


def _gambar(value: str) -> str:
    """SVG text as a data address for <img src>."""
    return "data:image/svg+xml;base64," + base64.b64encode(str(value).encode()).decode()


def _wrap(words: str) -> Markup:
    """Lets long identifiers break after / . and -: escapes, then adds <wbr>."""
    escaped = str(Markup.escape(words))
    for mark in ("/", ".", "-", "_", "#"):
        escaped = escaped.replace(mark, mark + "<wbr>") if mark != "#" else escaped
    return Markup(escaped)  # noqa: S704 - escaped above


FILTERS: Mapping[str, Callable[..., Any]] = {
    "angka": _angka,
    "rupiah": _rupiah,
    "tanggal": _tanggal,
    "diktum": _diktum,
    "huruf": _huruf,
    "qr": _qr,
    "gambar": _gambar,
    "lipat": _wrap,
}
