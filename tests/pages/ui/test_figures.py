from itertools import pairwise

import pandas as pd

from pages.ui.alluvial import alluvial
from pages.ui.charts import ranked_bars, stacked_bars
from pages.ui.colours import ink
from pages.ui.figures import as_html
from pages.ui.flow_charts import excess_matrix, streams
from pages.ui.journey_charts import drift_among_all, timeline
from pages.ui.migration_views import flows_of, migration_flows
from pages.ui.phrases import plain
from pages.ui.score_charts import leaderboard
from pages.ui.score_tables import score_frame
from pages.ui.share_chart import shares_over_time
from tests.pages.found import QUARTERS, migration, scorecard

NAMES = {0: "Tea", 1: "Pots"}
COLOURS = {0: "#0072B2", 1: "#E69F00"}
TAG, SAFE = "<a href=x>", "&lt;a href=x&gt;"
MIX = pd.DataFrame({"window": ["2024-03"], "group": [TAG], "share": [1.0], "n_events": [2]})
SHARES = migration().shares.query("domain == ''")
STEP = flows_of(migration_flows(migration()), "2024-02 → 2024-03")


def test_a_saved_chart_needs_no_network_and_shows_no_cloud_button() -> None:
    html = as_html(streams(STEP, NAMES, COLOURS), "Streams")

    assert "Streams" in html
    assert 'src="http' not in html
    assert '"displaylogo": false' in html
    assert '"format": "png"' in html
    assert '"showSendToCloud": false' in html
    assert 'plotlyServerURL": "http' not in html


def test_a_saved_chart_may_not_use_a_network_and_its_title_is_text() -> None:
    html = as_html(stacked_bars(MIX, QUARTERS, [TAG], {}), f"Most is *{plain(TAG)}*")

    head = html[html.index("<head>") :]
    assert head.startswith(
        """<head><meta http-equiv="Content-Security-Policy" content="default-src 'none';"""
    )
    assert TAG not in html
    assert "Most is &lt;a href=x&gt;" in html


def test_names_in_charts_are_no_tags() -> None:
    bars = stacked_bars(MIX, QUARTERS, [TAG], {}).data[0]
    ranked = ranked_bars([TAG], [1], "Titles").data[0]
    flows = streams(STEP, {0: TAG, 1: TAG}, COLOURS).data[0]
    lines = shares_over_time(SHARES, migration().change_points, {0: TAG, 1: TAG}, COLOURS, QUARTERS).to_json()
    events = pd.DataFrame({"when": [pd.Timestamp(0)], "lane": ["food"], "group": [TAG], "title": [TAG]})

    assert bars.name == ranked.y[0] == ranked.customdata[0] == flows.node.label[0] == SAFE
    assert timeline(events, [TAG], {}).data[0].customdata[0] == SAFE
    assert "<a" not in bars.hovertemplate + flows.link.customdata[0] + lines
    assert "<a" not in alluvial(migration_flows(migration()), QUARTERS, {0: TAG, 1: TAG}, COLOURS).to_json()


def test_a_chart_of_a_dark_page_is_saved_with_dark_words_on_white() -> None:
    dark = streams(STEP, NAMES, COLOURS, dark=True)
    saved = as_html(dark, "Streams")
    assert ink(dark=False) in saved
    assert ink(dark=True) not in saved
    assert dark.data[0].textfont.color == ink(dark=True)


def test_the_whole_history_names_interests_beside_the_last_column() -> None:
    figure = alluvial(migration_flows(migration()), QUARTERS, NAMES, COLOURS)
    beside = [note.text for note in figure.layout.annotations if note.xanchor == "left" and note.xshift]
    assert beside == ["Tea", "Pots"]
    assert figure.layout.margin.r > 100


def test_labels_of_hair_thin_interests_do_not_cover_each_other() -> None:
    thin = pd.DataFrame(
        {
            "from_window": "a",
            "to_window": "b",
            "from_interest": range(40),
            "to_interest": range(40),
            "share": 1.0,
            "excess": 0.0,
            "significant": False,
            "weight": [0.961, *[0.001] * 39],
        }
    )
    figure = alluvial(thin, ("a", "b"), dict.fromkeys(range(40), "Tea"), dict.fromkeys(range(40), "#0072B2"))
    heights = [note.y * figure.layout.height for note in figure.layout.annotations if note.text == "Tea"]
    assert min(a - b for a, b in pairwise(heights)) >= 14.9


def test_streams_hold_what_stayed_and_what_moved_by_share_of_activity() -> None:
    (trace,) = streams(STEP, NAMES, COLOURS).data

    assert list(trace.link.value) == [0.6, 0.4]
    assert list(trace.link.color) == ["rgba(0,114,178,0.22)", "rgba(0,114,178,0.8)"]
    assert "moved to <b>Pots</b>" in trace.link.customdata[1]
    assert "+30 points against chance (more than chance)" in trace.link.customdata[1]


def test_the_matrix_colours_only_what_is_significant() -> None:
    figure = excess_matrix(STEP, NAMES, [0, 1])
    grey, coloured = figure.data

    assert pd.DataFrame(grey.z).isna().to_numpy().tolist() == [[False, True], [False, False]]
    assert pd.DataFrame(coloured.z).fillna(0).to_numpy().tolist() == [[0, 30], [0, 0]]
    assert [(note.x, note.y, note.text) for note in figure.layout.annotations] == [
        (0, 0, "-30"),
        (1, 0, "<b>+30</b>"),
        (0, 1, "0"),
        (1, 1, "0"),
    ]
    assert (coloured.zmin, coloured.zmax, coloured.zmid) == (-30, 30, 0)
    assert [note.bgcolor for note in figure.layout.annotations] == [None, "#1B5A99", None, None]


def test_lines_have_their_band_and_a_triangle_where_they_rose() -> None:
    found = migration()
    shares = found.shares[found.shares["domain"] == ""]

    figure = shares_over_time(shares, found.change_points, NAMES, COLOURS, QUARTERS)

    assert [trace.marker.symbol for trace in figure.data if trace.marker.symbol] == ["triangle-up"]
    pots = next(trace for trace in figure.data if trace.name == "Pots")
    assert list(pots.y) == [0.0, 0.0, 0.4]


def test_the_best_is_on_top_with_its_interval() -> None:
    (trace,) = leaderboard(score_frame(scorecard(), "ndcg@10"), "NDCG@10", "recent-popularity").data

    assert list(trace.y) == ["Popular lately", "Blend of all"]
    assert [round(value, 6) for value in trace.error_x.array] == [0.01, 0.01]


def test_windows_without_events_keep_their_place() -> None:
    mix = pd.DataFrame({"window": ["2024-03"], "group": ["Tea"], "share": [1.0], "n_events": [2]})

    figure = stacked_bars(mix, QUARTERS, ["Tea"], {"Tea": "#0072B2"})

    assert list(figure.layout.xaxis.categoryarray) == list(QUARTERS)
    assert list(figure.layout.xaxis.range) == [-0.5, 2.5]


def test_a_journey_hovers_titles() -> None:
    events = pd.DataFrame(
        {
            "when": pd.to_datetime(["2024-01-01"], utc=True),
            "lane": ["food"],
            "group": ["Tea"],
            "title": ["Green tea"],
        }
    )
    (trace,) = timeline(events, ["Tea"], {"Tea": "#0072B2"}).data

    assert list(trace.customdata) == ["Green tea"]
    assert drift_among_all(pd.Series([0.1, 0.2]).to_numpy(), 0.2).layout.shapes[0].x0 == 0.2
