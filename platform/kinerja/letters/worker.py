"""Letters are made in worker processes: limited in time, processor and memory, killed when they exceed them, then replaced.

A hostile or broken template costs its own letter only; the queue goes on.
"""

from __future__ import annotations

import atexit
import resource
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ..core.errors import IncidentError, InputError, KinerjaError, Place
from ..core.exactjson import canonical
from .sandbox import fill, read_templates
from .view_models import plain

MAX_CONTENT_BYTES = 4 * 1024 * 1024
MAX_ATTACHMENT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """seconds: of wall clock for a letter. memory: address space of a worker, in bytes. letters: made by one worker
    before it is renewed."""

    seconds: float = 30
    memory: int = 1536 * 1024 * 1024
    letters: int = 400


@dataclass(frozen=True, slots=True)
class LetterJob:
    """One letter to make. content: a view model's `content()`, or what the register kept of it. attachment: what
    core.exactjson can write.

    day: date of the letter, the only date its file knows.
    """

    template: Path
    content: Mapping[str, Any]
    attachment: Any
    day: date


class LetterRenderer:
    """A pool of letter workers; a context manager. One serves a whole process: making workers costs more than making a letter."""

    def __init__(self, limits: Limits | None = None, *, workers: int = 2) -> None:
        self.limits = limits or Limits()
        # Started afresh, not forked: the caller may be a server with threads and open databases.
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=self.limits.letters,
            initializer=_limit,
            initargs=(self.limits.memory,),
            context=get_context("spawn"),
        )

    def render(self, job: LetterJob) -> bytes:
        """The PDF. Raises InputError (content), FindingsError (template) or IncidentError (limits)."""
        return self._result(self._schedule(job), job)

    def render_many(self, jobs: Iterable[LetterJob]) -> Iterator[bytes | KinerjaError]:
        """PDFs in order; a letter that fails gives its error in its place, and the others go on."""
        scheduled: list[tuple[LetterJob, ProcessFuture[bytes] | KinerjaError]] = []
        for job in jobs:
            try:
                scheduled.append((job, self._schedule(job)))
            except KinerjaError as error:
                scheduled.append((job, error))
        for job, future in scheduled:
            try:
                yield future if isinstance(future, KinerjaError) else self._result(future, job)
            except KinerjaError as error:
                yield error

    def close(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _schedule(self, job: LetterJob) -> ProcessFuture[bytes]:
        content = plain_content(job.content, str(job.template))
        if len(canonical(content)) > MAX_CONTENT_BYTES:
            raise _too_large(job, "isi surat", "the letter's content")
        attachment = canonical(job.attachment)
        if len(attachment) > MAX_ATTACHMENT_BYTES:
            raise _too_large(job, "lampiran data", "the attached data")
        arguments = (
            read_templates(job.template),
            job.template.name,
            str(job.template.parent),
            content,
            attachment,
            job.day,
        )
        return self._pool.schedule(_make, args=arguments, timeout=self.limits.seconds)

    def _result(self, future: ProcessFuture[bytes], job: LetterJob) -> bytes:
        try:
            return bytes(future.result())
        except FutureTimeout as error:
            raise self._stopped(
                job, f"lebih dari {self.limits.seconds:g} detik", f"more than {self.limits.seconds:g} seconds"
            ) from error
        except (ProcessExpired, MemoryError) as error:
            raise self._stopped(job, "melampaui batas memori", "more memory than allowed") from error

    def _stopped(self, job: LetterJob, why_id: str, why_en: str) -> IncidentError:
        return IncidentError(
            "surat_dihentikan",
            f"pembuatan surat dihentikan: {why_id}",
            f"making the letter was stopped: {why_en}",
            place=Place(str(job.template)),
            remedy_id="periksa pengulangan dan ukuran isi dalam templat",
            remedy_en="look for loops and sizes in the template",
        )


_shared: LetterRenderer | None = None
_shared_lock = threading.Lock()


def shared_renderer() -> LetterRenderer:
    """The renderer of this process, made at first use, closed at exit."""
    global _shared  # one pool a process is the point
    with _shared_lock:
        if _shared is None:
            _shared = LetterRenderer()
            atexit.register(_shared.close)
        return _shared


def render_pdf(template: Path, content: Mapping[str, Any], attachment: Any, *, day: date) -> bytes:
    """One letter through the shared renderer; see LetterJob for the arguments and LetterRenderer.render for the errors."""
    return shared_renderer().render(LetterJob(template, content, attachment, day))


def plain_content(content: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The content as exact dict, list, str, int, bool and None; raise InputError(`isi_surat_tidak_polos`) on any other object."""
    try:
        value = plain(content)
    except (TypeError, RecursionError) as error:
        raise InputError(
            "isi_surat_tidak_polos",
            f"isi surat harus nilai polos ({error})",
            f"letters take plain values only ({error})",
            place=Place(place),
            remedy_id="isi lewat letters.view_models",
            remedy_en="fill it through letters.view_models",
        ) from error
    return dict(value)


def _too_large(job: LetterJob, what_id: str, what_en: str) -> InputError:
    return InputError(
        "surat_terlalu_besar",
        f"{what_id} melebihi batas ukuran",
        f"{what_en} exceeds its size limit",
        place=Place(str(job.template)),
        remedy_id="pecah suratnya",
        remedy_en="split the letter",
    )


def _limit(memory: int) -> None:
    """In a worker: what it may take of the machine. No core files; no files beyond those it has."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _make(templates: dict[str, str], name: str, folder: str, content: dict[str, Any], attachment: bytes, day: date) -> bytes:
    from .pdf import Sheet, make_pdf  # in the worker only: WeasyPrint costs half a second and 50 MB

    return make_pdf(Sheet(fill(templates, name, folder, content), f"{folder}/{name}", day, attachment))
