"""XML from people we do not know: bounded, without DTD, entities or network, and with line numbers.

Two parsers in a row: expat with refusals tells depth, size and DOCTYPE before anything is built; lxml then builds the tree
that the workflow library needs. Both see the same UTF-8 bytes.
"""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from lxml import etree

from ..core.errors import Place
from .catalogue import Report

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 40
MAX_ELEMENTS = 20_000
SPLIT: dict[str, Any] = {
    "remedy_id": "pecah proses menjadi beberapa berkas dan pakai call activity",
    "remedy_en": "split the process into several files and use call activities",
}
SAVE_AGAIN: dict[str, Any] = {"remedy_id": "simpan ulang sebagai UTF-8", "remedy_en": "save it again as UTF-8"}
INDONESIAN = {
    "no element found": "berkas kosong, atau berakhir sebelum ada unsur",
    "not well-formed (invalid token)": "ada huruf yang tidak boleh berada di sana",
    "syntax error": "ini bukan XML",
    "unclosed token": "berkas terpotong di tengah sebuah tanda",
    "unclosed CDATA section": "bagian CDATA tidak ditutup",
    "mismatched tag": "tanda penutup tidak cocok dengan tanda pembukanya",
    "duplicate attribute": "atribut ditulis dua kali",
    "junk after document element": "ada sisa sesudah unsur akar",
    "undefined entity": "entitas yang tidak dikenal",
    "reference to invalid character number": "nomor huruf yang tidak sah",
    "unbound prefix": "awalan ruang nama yang tidak dinyatakan",
    "partial character": "huruf terpotong",
    "unknown encoding": "penyandian tidak dikenal",
    "XML or text declaration not at start of entity": "baris <?xml …?> bukan di awal berkas",
}
"""What the XML parser says, in Indonesian."""
_ENCODING = re.compile(r"""<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)["']""")


class _Refused(Exception):
    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def read_xml(text: str, file: str, report: Report) -> etree._Element | None:
    """The root element, or None with the reason reported (P001, P002, P003)."""
    if len(text) > MAX_BYTES:
        report.add(
            "P003", Place(file), what_id=f"lebih dari {MAX_BYTES} huruf", what_en=f"more than {MAX_BYTES} characters", **SPLIT
        )
        return None
    declared = _ENCODING.match(text)
    if declared and declared[1].lower().replace("_", "-") not in ("utf-8", "us-ascii", "ascii"):
        what = f"penyandian {declared[1][:40]}", f"the encoding {declared[1][:40]}"
        report.add("P003", Place(file, 1), what_id=what[0], what_en=what[1], **SAVE_AGAIN)
        return None
    data = text.encode()
    if not _scan(data, file, report):
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        report.add("P001", Place(file, error.lineno or 0), what_id=str(error.msg), what_en=str(error.msg))
        return None


def _scan(data: bytes, file: str, report: Report) -> bool:
    parser = expat.ParserCreate()
    depth = count = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth += 1
        count += 1
        if depth > MAX_DEPTH:
            raise _Refused("P003", what_id=f"bersarang lebih dari {MAX_DEPTH}", what_en=f"nested deeper than {MAX_DEPTH}", **SPLIT)
        if count > MAX_ELEMENTS:
            raise _Refused(
                "P003", what_id=f"lebih dari {MAX_ELEMENTS} unsur", what_en=f"more than {MAX_ELEMENTS} elements", **SPLIT
            )

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_ignored: object) -> Any:
        raise _Refused("P002")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(data, True)
    except _Refused as refused:
        report.add(refused.code, Place(file, parser.CurrentLineNumber), **refused.values)
        return False
    except expat.ExpatError as error:
        what = str(expat.ErrorString(error.code))
        report.add("P001", Place(file, error.lineno), what_id=INDONESIAN.get(what, what), what_en=what)
        return False
    return True


def place_of(element: etree._Element, file: str) -> Place:
    line: Any = element.sourceline
    return Place(file, line or 0)
