"""standards/*.yaml → Standard."""

from __future__ import annotations

from fractions import Fraction

from ...core.numbers import display_text, terminates_within
from ..diagnostics import Report
from ..kinds import EVENT_STATISTICS
from ..model import Indicator, Standard
from ..shapes import number, text, texts
from ..source import ListNode, MapNode, Scalar
from .common import citations, effective, label
from .expressions import check_name

SCALE = 4  # digits that target, actual and weight may carry
LARGEST = Fraction(10**9)
RATIOS = frozenset(EVENT_STATISTICS) - {"jumlah_selesai"}
RATIO_UNITS = frozenset({"persen", "indeks", "nilai"})
"""Measures that are the same for a week as for a year."""


def build_standard(root: MapNode, report: Report) -> Standard | None:
    name_node, applies = root.get("standard"), root.get("applies_to")
    if not isinstance(name_node, Scalar) or not isinstance(applies, MapNode):
        return None
    check_name(name_node.text, name_node.place, report)
    authority = citations(root.get("authority"))
    indicators: list[Indicator] = []
    listed = root.get("indicators")
    for node in listed.items if isinstance(listed, ListNode) else ():
        indicator = _indicator(node, report) if isinstance(node, MapNode) else None
        if indicator is not None:
            if any(other.code == indicator.code for other in indicators):
                report.add("R062", indicator.place, code=indicator.code)
            indicators.append(indicator)
    total = sum((indicator.weight for indicator in indicators), Fraction(0))
    if indicators and total != 100:
        report.add("R060", root.place_of("indicators"), total=display_text(total))
    classes = applies.get("classes")
    return Standard(
        name_node.text,
        label(root.get("title"), name_node.text),
        texts(applies.get("positions")),
        texts(applies.get("units")),
        tuple(int(found) for item in classes.items if (found := number(item)) is not None) if isinstance(classes, ListNode) else (),
        tuple(indicators),
        effective(root.get("effective"), report, authority),
        authority,
        name_node.place,
    )


def _indicator(node: MapNode, report: Report) -> Indicator | None:
    code, polarity = text(node.get("kode")), text(node.get("polarity"))
    target, target_high, weight = number(node.get("target")), number(node.get("target_high")), number(node.get("weight"))
    if not code or target is None or weight is None:
        return None
    for key, value in (("target", target), ("target_high", target_high), ("weight", weight)):
        if value is None:
            continue
        high = Fraction(100) if key == "weight" else LARGEST
        if not 0 <= value <= high:
            report.add("R034", node.place_of(key), value=display_text(value), low=0, high=display_text(high), name=key)
        if not terminates_within(value, SCALE):
            report.add("R041", node.place_of(key), value=display_text(value), scale=SCALE, name=key)
    _polarity(node, code, polarity, target, target_high, report)
    if text(node.get("source")) == "kejadian" and not text(node.get("service")):
        report.add(
            "R061",
            node.place,
            code=code,
            why_id="sumber kejadian memerlukan layanan",
            why_en="the source kejadian needs a service",
            remedy_id="tambahkan “service:”",
            remedy_en="add `service:`",
        )
    if text(node.get("source")) == "kejadian" and text(node.get("statistic")) == "nilai":
        report.add(
            "R061",
            node.place_of("statistic"),
            code=code,
            why_id="sumber kejadian memerlukan statistik kejadian, bukan nilai",
            why_en="the source kejadian needs a statistic of events, not nilai",
            remedy_id="pakai salah satu dari: " + ", ".join(EVENT_STATISTICS),
            remedy_en="use one of: " + ", ".join(EVENT_STATISTICS),
        )
    return Indicator(
        code,
        label(node.get("label"), code),
        polarity,
        target,
        target_high,
        weight,
        text(node.get("unit")),
        text(node.get("source")),
        text(node.get("statistic")),
        text(node.get("service")),
        text(node.get("definition")),
        text(node.get("population")),
        node.place,
        _prorate(node, code, report),
        texts(node.get("serves")),
        text(node.get("aspect")),
    )


def _prorate(node: MapNode, code: str, report: Report) -> str:
    """By which days; what is a share, an average or a score already does not grow with the days."""
    days = text(node.get("prorate"))
    statistic, unit = text(node.get("statistic")), text(node.get("unit"))
    if days and (statistic in RATIOS or unit in RATIO_UNITS or text(node.get("source")) == "tim_evaluasi"):
        report.add(
            "R061",
            node.place_of("prorate"),
            code=code,
            why_id="persentase, rata-rata, lama waktu dan nilai tidak dibagi menurut hari",
            why_en="percentages, averages, durations and scores are not divided by days",
            remedy_id="hapus “prorate:”",
            remedy_en="remove `prorate:`",
        )
    return days


def _polarity(node: MapNode, code: str, polarity: str, target: Fraction, target_high: Fraction | None, report: Report) -> None:
    is_range = polarity.startswith("rentang")
    if is_range and target_high is None:
        report.add(
            "R061",
            node.place,
            code=code,
            why_id=f"polaritas {polarity} memerlukan target_high",
            why_en=f"polarity {polarity} needs target_high",
            remedy_id="tambahkan “target_high:”",
            remedy_en="add `target_high:`",
        )
    elif is_range and target_high is not None and target_high < target:
        report.add(
            "R061",
            node.place_of("target_high"),
            code=code,
            why_id="target_high di bawah target",
            why_en="target_high is below target",
            remedy_id="tukar keduanya",
            remedy_en="swap them",
        )
    elif not is_range and target_high is not None:
        report.add(
            "R016",
            node.place_of("target_high"),
            key="target_high",
            what_id=f"polarity: {polarity}",
            what_en=f"polarity: {polarity}",
        )
    elif target == 0 and not is_range:
        report.add(
            "R061",
            node.place_of("target"),
            code=code,
            why_id="target 0 tidak dapat dihitung",
            why_en="a target of 0 cannot be computed",
            remedy_id="beri target di atas 0",
            remedy_en="give a target above 0",
        )
