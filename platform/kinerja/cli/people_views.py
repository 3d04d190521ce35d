"""What `kinerja people` prints: lines for a terminal, plain documents for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from ..core.indonesian import long_date, number
from ..services.evaluation.decide import storable
from ..services.posts.orgmap import PostOnMap, UnitOnMap
from ..services.posts.profile import AuthorityView, PersonPage, SplitView
from ..services.posts.vacancies import CandidateList, Vacancy
from ..services.stafftables.imports import ADDED, CHANGED, UNCHANGED, StaffPreview


def plain(value: Any) -> Any:
    """Views as plain values for JSON; tuples become lists, pairs of languages stay pairs."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return storable(value)


def preview_lines(seen: StaffPreview) -> Iterator[str]:
    yield (
        f"{seen.file}: {seen.count(ADDED)} akan ditambah, {seen.count(CHANGED)} diubah, {seen.count(UNCHANGED)} tetap, "
        f"{len(seen.rejected)} ditolak"
    )
    if seen.earlier is not None:
        yield f"berkas ini sudah diimpor (impor {seen.earlier}); mengimpornya lagi tidak mengubah apa pun"
    if seen.unused:
        yield f"kolom yang tidak dipakai: {', '.join(seen.unused)}"
    if seen.touched:
        yield f"menyentuh {seen.touched} kasus yang sudah berjalan"
    for row in seen.rows:
        if row.action == UNCHANGED:
            continue
        changes = ", ".join(f"{name}: {row.before.get(name)} → {value}" for name, value in row.after.items()) if row.before else ""
        yield f"  baris {row.line}: {row.action}  {row.what}" + (f"  ({changes})" if changes else "")
    for one in seen.rejected:
        yield f"  baris {one.line}: ditolak  {one.column or 'baris'}: {one.text[0]} → {one.remedy[0]}"


def show_lines(page: PersonPage) -> Iterator[str]:
    yield f"{page.name}  {page.nip}  {page.status}{', ' + page.rank if page.rank else ''}"
    for seat in page.seats:
        until = f"–{long_date(seat.last)}" if seat.last else " sampai sekarang"
        acting = "" if seat.kind == "definitif" else f"{seat.kind.capitalize()}. "
        yield f"  {acting}{seat.title}, {seat.unit} (kelas {seat.job_class}): {long_date(seat.first)}{until}"
    for role, found in (("dinilai oleh", page.appraiser), ("atasan penilai", page.superior)):
        if found is not None:
            yield f"  {role}: {_authority(found)}"
    if page.obstacle:
        yield f"  {page.obstacle[0]}"
    for away in page.absences:
        yield f"  {away.kind}: {long_date(away.first)}–{long_date(away.last)}, {away.days} hari"
    for tie in page.ties:
        until = f" sampai {long_date(tie.last)}" if tie.last else ""
        yield f"  benturan kepentingan ({tie.kind}) dengan {tie.name} sejak {long_date(tie.first)}{until}"
    for period in page.periods:
        yield from _split(period)


def _authority(found: AuthorityView) -> str:
    acting = f"{found.acting.capitalize()}. " if found.acting else ""
    return f"{found.name}, {acting}{found.title}, sejak {long_date(found.since)}: {found.why[0]}"


def _split(period: SplitView) -> Iterator[str]:
    yield f"  {period.title} ({period.cycle}): {period.days} hari, {period.months} bulan"
    for line in period.lines:
        title = line.title or "tanpa jabatan"
        result = f"; {line.rating}" if line.rating else ""
        yield (
            f"    {long_date(line.first)}–{long_date(line.last)}  {title}: {line.days}/{period.days} hari, {line.months} bulan"
            f"{'; dinilai ' + line.appraiser if line.appraiser else ''}{result}"
        )
        for extra in (*line.acting, *(f"{kind} {days} hari" for kind, days in line.away)):
            yield f"      {extra}"


def map_lines(units: Iterable[UnitOnMap], depth: int = 0) -> Iterator[str]:
    for unit in units:
        pad = "  " * depth
        yield f"{pad}{unit.name} ({unit.code}): formasi {unit.formation}, terisi {unit.filled}, lowong {unit.vacant}"
        for post in unit.posts:
            yield f"{pad}  {_post(post)}"
        yield from map_lines(unit.below, depth + 1)


def _post(post: PostOnMap) -> str:
    level = f", {post.level}" if post.level else ""
    who = "; ".join(
        (f"{one.acting.capitalize()}. " if one.acting else "") + one.name + (f" ({one.away})" if one.away else "")
        for one in post.holders
    )
    vacant = f", lowong {number(post.vacant)}" if post.vacant else ""
    return f"{post.title} [{post.job_class}{level}] {post.filled}/{post.formation}{vacant}{': ' + who if who else ''}"


def vacancy_lines(found: Iterable[Vacancy]) -> Iterator[str]:
    for one in found:
        since = f", lowong setelah {long_date(one.since)}" if one.since else ""
        acting = f"; {', '.join(one.acting)}" if one.acting else ""
        yield f"{one.position:>5}  {one.title} (kelas {one.job_class}), {one.unit}: {one.seats} kursi{since}{acting}"


def candidate_lines(page: CandidateList) -> Iterator[str]:
    yield f"{page.vacancy.title}, {page.vacancy.unit}: usul calon per {long_date(page.day)}; bukan pengangkatan"
    for one in page.candidates:
        box = f", kotak {one.box}" if one.box else ""
        yield f"  {one.standing}: {one.name} {one.nip}, {one.title} (kelas {one.job_class}{box})"
        if one.ratings:
            yield "    " + "; ".join(f"{rated.what}: {rated.rating}" for rated in one.ratings[:4])
        for ground in one.grounds:
            cited = "; ".join(map(str, ground.citations))
            yield f"    {ground.side}: {ground.text[0]} ({cited})"
        for told, _ in one.notes:
            yield f"    perhatikan: {told}"
    for (reason, _), count in page.ruled_out:
        yield f"  {count} orang tidak memenuhi: {reason}"
