"""Every chart is a valid Vega-Lite spec, and holds no color but the style sheet's."""

import json
import re
from importlib.resources import files

import pytest

import omniid
from omniid.report import charts
from omniid.report.distribution import cluster_sizes, weight_bins
from omniid.report.learned import levels_of
from omniid.report.quality_tables import sweep_points

alt = pytest.importorskip("altair", reason="charts are declared by altair: pip install 'omniid[report]'")


def all_charts(found: omniid.Resolution) -> dict[str, dict]:
    levels = levels_of(found.model)
    return {
        "weights": charts.weights_chart(weight_bins(found.parts), found.model.link_at, found.model.review_at),
        "overview": charts.overview_chart(levels),
        "comparison": charts.comparison_charts(levels)[0],
        "sizes": charts.sizes_chart(cluster_sizes(found.summary.sizes)),
        "sweep": charts.sweep_chart(sweep_points(found.parts, found.summary.expected)),
        "waterfall": charts.waterfall_chart(),
    }


def test_charts_are_valid_and_follow_the_theme(found: omniid.Resolution) -> None:
    style = (files("omniid.report") / "page" / "style.css").read_text(encoding="utf-8")
    for name, spec in all_charts(found).items():
        alt.Chart.from_dict(spec).to_dict(validate=True) if "layer" not in spec else alt.LayerChart.from_dict(spec)
        text = json.dumps(spec)
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b", text), f"{name} has a color of its own"
        for variable in set(re.findall(r"var\((--\w+)\)", text)):
            assert f"{variable}:" in style
        assert "http" not in text


def test_bars_hold_every_pair(found: omniid.Resolution) -> None:
    spec = all_charts(found)["weights"]
    assert sum(row["pairs"] for row in spec["layer"][0]["data"]["values"]) == len(found.parts.scores.weight)
