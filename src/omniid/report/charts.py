"""The charts, as Vega-Lite by altair: plain functions from numbers to specs, which the page draws when they come into view.

Colors are names of the style sheet's variables, so that a chart follows light and dark without being drawn again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from omniid.report.distribution import FATES, WeightBin
from omniid.report.learned import LearnedLevel
from omniid.report.libraries import load_altair
from omniid.report.numbers import bits, chance, count, percent, shortened
from omniid.report.quality_tables import SweepPoint

__all__ = ["comparison_charts", "overview_chart", "sizes_chart", "sweep_chart", "waterfall_chart", "weights_chart"]

Spec = dict[str, Any]

INK, MUTED, LINE, FOR, AGAINST, NEUTRAL = (f"var(--{name})" for name in ("ink", "muted", "line", "for", "against", "neutral"))
LEAST = 1e-9  # a probability of 0 stands here on a logarithmic axis
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"


def _finished(chart: Any, **parts: Any) -> Spec:
    """The chart as a spec of its own: width of its place, look of the page, no schema to be fetched."""
    axis = {"labelColor": MUTED, "titleColor": MUTED, "gridColor": LINE, "domainColor": LINE, "tickColor": LINE}
    text = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    config = {
        "background": "transparent",
        "font": FONT,
        "axis": {**axis, **text, "labelLimit": 150, "titlePadding": 8},
        "legend": {**text, "labelColor": INK, "titleColor": MUTED, "orient": "top", "symbolType": "square", "offset": 6},
        "view": {"stroke": None},
        "aria": False,
    }
    spec: Spec = chart.properties(width="container", **parts).to_dict(validate=False)  # tests validate; it takes seconds
    spec.pop("$schema", None)
    return {**spec, "config": config, "autosize": {"type": "fit-x", "contains": "padding"}}


def weights_chart(bins: Sequence[WeightBin], link_at: float, review_at: float) -> Spec:
    """Match weights as stacked bars by what became of the pairs, and both thresholds as lines with their names."""
    alt = load_altair()
    rows = [
        {"low": one.low, "high": one.high, "fate": fate, "place": at, "pairs": number, "said": f"{count(number)} {fate}"}
        for one in bins
        for at, (fate, number) in enumerate(zip(FATES, one.counts, strict=True))
        if number
    ]
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("low:Q", bin="binned", title="match weight in bits", axis=alt.Axis(grid=False, tickCount=8)),
            x2="high:Q",
            y=alt.Y("pairs:Q", title="pairs", axis=alt.Axis(tickCount=4, format=",d")),
            color=alt.Color("fate:N", title=None, scale=alt.Scale(domain=list(FATES), range=[FOR, AGAINST, NEUTRAL])),
            order="place:Q",
            tooltip=[alt.Tooltip("low:Q", title="from bits"), alt.Tooltip("said:N", title="pairs")],
        )
    )
    cuts = [{"at": link_at, "name": f"link {bits(link_at)}", "y": 0, "side": 1}]
    if review_at < link_at:
        cuts.append({"at": review_at, "name": f"review {bits(review_at)}", "y": 0, "side": 0})
    base = alt.Chart(alt.Data(values=cuts)).encode(x="at:Q")
    rules = base.mark_rule(color=INK, strokeDash=[4, 3], strokeWidth=1.2)
    names = [
        base.transform_filter(f"datum.side == {side}")
        .mark_text(color=INK, align=align, dx=4 if side else -4, fontSize=12, baseline="top")
        .encode(text="name:N", y=alt.value(0 if side else 16))
        for side, align in ((1, "left"), (0, "left"))
    ]
    return _finished(alt.layer(bars, rules, *names), height=240)


def overview_chart(levels: Mapping[str, Sequence[LearnedLevel]]) -> Spec:
    """Every comparison as a line with a mark per level: how far it can speak for or against a match."""
    alt = load_altair()
    rows = [
        {
            "comparison": name,
            "level": one.level,
            "bits": round(one.bits, 2),
            "speaks": "for" if one.bits > 0 else "against",
            "weight": bits(one.bits),
        }
        for name, many in levels.items()
        for one in many
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("comparison:N", sort=list(levels), title=None))
    spans = base.mark_rule(color=LINE, strokeWidth=2).encode(x=alt.X("min(bits):Q", title="weight in bits"), x2="max(bits):Q")
    marks = base.mark_point(filled=True, size=75, opacity=1).encode(
        x="bits:Q",
        color=alt.Color("speaks:N", title=None, scale=alt.Scale(domain=["against", "for"], range=[AGAINST, FOR])),
        shape=alt.Shape("speaks:N", title=None, scale=alt.Scale(domain=["against", "for"], range=["diamond", "circle"])),
        tooltip=[alt.Tooltip("level:N"), alt.Tooltip("weight:N", title="bits")],
    )
    zero = alt.Chart(alt.Data(values=[{"x": 0}])).mark_rule(color=MUTED).encode(x="x:Q")
    spec = _finished(alt.layer(spans, zero, marks), height=26 * len(levels))
    spec["config"]["legend"].pop("symbolType")
    return spec


def comparison_charts(levels: Mapping[str, Sequence[LearnedLevel]]) -> list[Spec]:
    """The levels of each comparison on a logarithmic axis: m and u, and between them the weight, as it is log2(m/u).

    The axis is the same for all comparisons, so that they can be compared by eye.
    """
    least = max(min((one.u for many in levels.values() for one in many if one.u > 0), default=1e-6) / 3, LEAST)
    frame = _comparison_frame(least)  # made once: altair takes a while
    made = []
    for many in levels.values():
        rows = [
            {
                "label": f"{shortened(one.level)}  {bits(one.bits)}",
                "level": one.level,
                "m": max(one.m, least),
                "u": max(one.u, least),
                "sign": "for" if one.bits > 0 else "against",
                "weight": bits(one.bits),
                "same person": chance(one.m),
                "strangers": chance(one.u),
            }
            for one in many
        ]
        made.append({**frame, "height": 24 * len(many), "datasets": {"levels": rows}})
    return made


def _comparison_frame(least: float) -> Spec:
    """The chart of any comparison, without its levels."""
    alt = load_altair()
    axis = alt.Axis(values=[10.0**exponent for exponent in range(-8, 1, 2)], labelExpr=_ODDS, title=None)
    x = alt.X("m:Q", scale=alt.Scale(type="log", domain=[least, 1]), axis=axis)
    tips = [alt.Tooltip(f"{name}:N") for name in ("level", "same person", "strangers", "weight")]
    base = alt.Chart(alt.NamedData("levels")).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=0, minExtent=110, domain=False, ticks=False)),
        tooltip=tips,
    )
    color = alt.Color("sign:N", legend=None, scale=alt.Scale(domain=["against", "for"], range=[AGAINST, FOR]))
    spans = base.mark_bar(height=5, opacity=0.55).encode(x=x, x2="u:Q", color=color)
    same = base.mark_point(shape="circle", filled=True, size=80, opacity=1, color=INK).encode(x=x)
    strangers = base.mark_point(shape="square", size=60, opacity=1, color=INK, fill="var(--surface)").encode(x="u:Q")
    return _finished(alt.layer(spans, strangers, same))


_ODDS = "{'0': '100%', '-4': '1 in 10k', '-8': '1 in 100M'}[round(log(datum.value) / LN10)] || ''"


def sizes_chart(sizes: Sequence[tuple[str, int, int]]) -> Spec:
    """Clusters by size as bars, each with its number."""
    alt = load_altair()
    rows = [{"size": name, "clusters": clusters, "said": count(clusters)} for name, clusters, _ in sizes]
    most = max((clusters for _, clusters, _ in sizes), default=1)  # with room for its number beside the bar
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("size:N", sort=None, title="records in a cluster", axis=alt.Axis(domain=False, ticks=False)),
        x=alt.X(
            "clusters:Q", title="clusters", axis=alt.Axis(tickCount=4, format=",d"), scale=alt.Scale(domain=[0, most * 1.12])
        ),
    )
    bars = base.mark_bar(color=FOR, height=14)
    said = base.mark_text(align="left", dx=5, color=INK, fontSize=12).encode(text="said:N")
    return _finished(alt.layer(bars, said), height=20 * len(sizes))


def sweep_chart(points: Sequence[SweepPoint]) -> Spec:
    """Expected precision and recall over the threshold, which stands as a line."""
    alt = load_altair()
    rows = [
        {"link_at": one.link_at, "measure": name, "share": share, "said": percent(share)}
        for one in points
        for name, share in (("expected precision", one.precision), ("expected recall", one.recall))
    ]
    names = ["expected precision", "expected recall"]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("link_at:Q", title="link at, in bits", axis=alt.Axis(grid=False, tickCount=8)),
        y=alt.Y("share:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(format="%", tickCount=5)),
        color=alt.Color("measure:N", title=None, scale=alt.Scale(domain=names, range=[FOR, AGAINST])),
    )
    lines = base.mark_line(strokeWidth=2).encode(
        strokeDash=alt.StrokeDash("measure:N", title=None, scale=alt.Scale(domain=names, range=[[1, 0], [6, 3]]))
    )
    marks = base.mark_point(filled=True, size=40, opacity=1).encode(
        tooltip=[alt.Tooltip("measure:N"), alt.Tooltip("link_at:Q"), alt.Tooltip("said:N", title="share")]
    )
    chosen = [{"at": one.link_at} for one in points if one.chosen]
    cut = alt.Chart(alt.Data(values=chosen)).mark_rule(color=INK, strokeDash=[4, 3]).encode(x="at:Q")
    spec = _finished(alt.layer(cut, lines, marks), height=220)
    spec["config"]["legend"] |= {"symbolType": "stroke", "symbolStrokeWidth": 2}
    return spec


def waterfall_chart() -> Spec:
    """A waterfall without its data: the page puts in the lines of the pair that is looked at, and its height."""
    alt = load_altair()
    base = alt.Chart(alt.NamedData("lines")).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=120)),
        tooltip=[alt.Tooltip("name:N", title="field"), alt.Tooltip("level:N"), alt.Tooltip("said:N", title="bits")],
    )
    color = alt.Color("speaks:N", legend=None, scale=alt.Scale(domain=["for", "against", "total"], range=[FOR, AGAINST, INK]))
    bars = base.mark_bar(height=15, cornerRadius=2).encode(
        x=alt.X("start:Q", title="match weight in bits", axis=alt.Axis(tickCount=6), scale=alt.Scale(padding=46, nice=False)),
        x2="end:Q",
        color=color,
    )
    said = [
        base.transform_filter(f"datum.end {test} datum.start")
        .mark_text(align=align, dx=shift, color=INK, fontSize=12)
        .encode(x="end:Q", text="said:N")
        for test, align, shift in ((">=", "left", 5), ("<", "right", -5))
    ]
    cut = alt.Chart(alt.NamedData("cut")).mark_rule(color=INK, strokeDash=[4, 3]).encode(x="at:Q")
    return _finished(alt.layer(cut, bars, *said))
