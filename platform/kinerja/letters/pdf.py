"""HTML → PDF/A-3u, tagged, with the decision's facts attached. The same HTML and attachment give the same bytes."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
from weasyprint import HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from ..core.errors import FindingsError, Place

ATTACHMENT = "keputusan.json"
MAX_PAGES = 600


@dataclass(frozen=True, slots=True)
class Sheet:
    """What makes one PDF. template: named in errors. day: of the letter, its only date. attachment: canonical JSON."""

    html: str
    template: str
    day: date
    attachment: bytes


class _LockedFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint is not typed
    """data: addresses only. Anything else stops the letter: one that lost a picture must not be signed."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False, timeout=1)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> Any:
        if not url.startswith("data:"):
            self.refused.append(url)
            raise FatalURLFetchingError(f"address refused: {url[:200]}")
        return super().fetch(url, headers)


def make_pdf(sheet: Sheet) -> bytes:
    """Lay out and write one letter. Raises FindingsError when the HTML asks for an address or runs past MAX_PAGES."""
    fetcher = _LockedFetcher()
    midnight = datetime(sheet.day.year, sheet.day.month, sheet.day.day, tzinfo=UTC)
    attachment = Attachment(
        string=sheet.attachment.decode(),
        name=ATTACHMENT,
        description="Fakta, rilis aturan, dan jejak perhitungan keputusan ini",
        relationship="Source",
        created=midnight,
        modified=midnight,
        url_fetcher=fetcher,
    )
    identifier = hashlib.sha256(sheet.html.encode() + b"\0" + sheet.attachment).hexdigest()[:32].encode()
    try:
        document = HTML(string=sheet.html, base_url=None, url_fetcher=fetcher).render(font_config=FontConfiguration())
        if len(document.pages) > MAX_PAGES:
            raise _refused(sheet, f"surat lebih dari {MAX_PAGES} halaman", f"the letter has more than {MAX_PAGES} pages")
        document.metadata.created = document.metadata.modified = sheet.day.isoformat()
        document.metadata.attachments.append(attachment)
        raw = document.write_pdf(pdf_variant="pdf/a-3u", pdf_tags=True, pdf_identifier=identifier)
    except FatalURLFetchingError as error:
        raise _address_refused(sheet, fetcher) from error
    if fetcher.refused:
        raise _address_refused(sheet, fetcher)
    return _plain_metadata(raw)


def _plain_metadata(raw: bytes) -> bytes:
    """Archives and signature tools read the XMP packet without decoding the file: store it unfiltered.

    A compressed stream that happens to end in CR runs into the line end before `endstream`, and validators then find its length
    wrong: such a stream (one in 256) is stored unfiltered too.
    """
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        packet = pdf.Root.Metadata.read_bytes()
        stream = pikepdf.Stream(pdf, packet)
        stream.Type, stream.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        pdf.Root.Metadata = pdf.make_indirect(stream)
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream) and item.read_raw_bytes().endswith(b"\r"):
                data = item.read_bytes()
                if not data.endswith(b"\r"):
                    item.write(data)
        pdf.save(output, deterministic_id=True, preserve_pdfa=True, compress_streams=False)
    return output.getvalue()


def _address_refused(sheet: Sheet, fetcher: _LockedFetcher) -> FindingsError:
    address = fetcher.refused[0][:120] if fetcher.refused else "?"
    return _refused(sheet, f"surat meminta alamat luar “{address}”", f'the letter asks for the address "{address}"')


def _refused(sheet: Sheet, text_id: str, text_en: str) -> FindingsError:
    return FindingsError(
        "templat_bermasalah",
        text_id,
        text_en,
        place=Place(sheet.template),
        remedy_id="tanam gambar sebagai data:, atau perkecil isi",
        remedy_en="embed pictures as data:, or make the letter smaller",
    )
