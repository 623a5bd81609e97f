"""The kernels behind the drawings."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo import tables
from disinfo.charts.layout import lay_out
from disinfo.charts.narrative_map import build_narrative_map, pack
from disinfo.charts.network import build_network
from disinfo.charts.stream import build_stream
from disinfo.charts.timeline import count_over_time, sparklines
from disinfo.charts.waterfall import build_waterfall
from disinfo.report.source import read_source
from disinfo.report.word_diff import mark_differences

SECONDS = st.lists(st.integers(0, 2_000_000_000), min_size=1, max_size=40)
WORDS = st.lists(st.sampled_from(["one", "two", "Two", ",", "drei"]), max_size=12).map(" ".join)


def _times(seconds):
    return pd.to_datetime(pd.Series(seconds), unit="s", utc=True)


@settings(deadline=None, max_examples=80)
@given(SECONDS)
def test_timeline_counts_every_post_once(seconds):
    line = count_over_time(_times(seconds), most_bins=50)
    assert sum(line.counts) == len(seconds)
    assert len(line.counts) <= 50
    assert line.start.timestamp() <= min(seconds)
    assert max(seconds) < line.end.timestamp()
    at_peak = [s for s in seconds if 0 <= s - line.peak_start.timestamp() < line.bin_s]
    assert len(at_peak) == max(line.counts)


def test_timeline_without_times_is_none():
    assert count_over_time(pd.Series([pd.NaT], dtype="datetime64[us, UTC]")) is None


def test_sparklines_share_one_span():
    frame = pd.DataFrame({"created_at": _times([0, 10, 999]), "key": ["a", "a", "b"]})
    assert sparklines(frame, ["a", "b", "c"], column="key", n_bins=10) == {
        "a": [2, *[0] * 9],
        "b": [*[0] * 9, 1],
        "c": [0] * 10,
    }


@settings(deadline=None, max_examples=150)
@given(WORDS, WORDS)
def test_word_diff_gives_the_text_back(reference, text):
    pieces = mark_differences(reference, text)
    assert "".join(piece.text for piece in pieces) == text
    assert not any(piece.differs for piece in mark_differences(text, text))


def test_word_diff_marks_what_is_new():
    pieces = mark_differences("They plan attacks in May.", "they prepare new attacks in May!")
    assert [piece.text for piece in pieces if piece.differs] == ["prepare new", "!"]
    assert mark_differences("short", "x " * 500)[0].differs is False


def _evidence(rows):
    frame = pd.DataFrame(rows, columns=["signal", "value", "bits", "because", "status"])
    return tables.EVIDENCE.check(frame.assign(subject="campaign", subject_id="c"))


def test_waterfall_adds_up_and_puts_calibration_last():
    rows = [("calibration", 0.1, -0.5, "", "ok"), ("weak", 1.0, 0.5, "", "ok"),
            ("strong", 1.0, -3.0, "", "ok"), ("gone", None, 0.0, "no ages", "missing"),
            ("idle", 1.0, 0.0, "", "ok")]  # fmt: skip
    fall = build_waterfall(_evidence(rows), prevalence=0.2, probability=1 / (1 + 2**5.0))
    assert [s.signal for s in fall.steps] == ["prior", "strong", "weak", "calibration"]
    assert [s.start for s in fall.steps] == [0.0, -2.0, -5.0, -4.5]
    assert fall.total == -5.0
    assert fall.agrees is True
    assert [s.signal for s in fall.missing] == ["gone"]
    assert [s.signal for s in fall.unused] == ["idle"]
    assert fall.strongest(1).signal == "weak"
    assert fall.low < -5.0 < 0.0 < fall.high


def test_waterfall_says_when_the_sum_belies_the_table():
    fall = build_waterfall(_evidence([("s", 1.0, 9.0, "", "ok")]), prevalence=0.2, probability=0.5)
    assert fall.agrees is False
    fall = build_waterfall(_evidence([]), prevalence=0.2, probability=math.nan)
    assert fall.agrees is None


def test_waterfall_takes_its_start_from_a_prior_row():
    fall = build_waterfall(
        _evidence([("prior", 0.5, 0.0, "given", "ok")]), prevalence=0.2, probability=0.5
    )
    assert fall.total == 0.0
    assert fall.agrees is True


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(-1, 3), min_size=1, max_size=30), st.integers(0, 99))
def test_layout_is_finite_in_its_box_and_repeats(groups, seed):
    rng = np.random.default_rng(seed)
    pairs = rng.integers(0, len(groups), size=(2 * len(groups), 2))
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    where = lay_out(np.array(groups), pairs)
    assert np.isfinite(where).all()
    assert ((where >= 0) & (where <= 1)).all()
    assert (where == lay_out(np.array(groups), pairs)).all()


def test_layout_keeps_campaigns_apart():
    groups = np.repeat([0, 1], 10)
    ties = np.array([(a, b) for a in range(20) for b in range(a) if groups[a] == groups[b]])
    where = lay_out(groups, ties)
    inside = max(np.linalg.norm(where[groups == g] - where[groups == g].mean(0), axis=1).max()
                 for g in (0, 1))  # fmt: skip
    between = np.linalg.norm(where[groups == 0].mean(0) - where[groups == 1].mean(0))
    assert between > 1.5 * inside


def test_layout_of_many_gives_each_campaign_the_room_it_has():
    groups = np.repeat(np.arange(30), 20)
    ties = np.array([(g * 20 + i, g * 20 + (i + 1) % 20) for g in range(30) for i in range(20)])
    where = lay_out(groups, ties) * [1.0, 0.6]
    middles = np.array([where[groups == g].mean(0) for g in range(30)])
    reach = np.array([np.linalg.norm(where[groups == g] - middles[g], axis=1).max()
                      for g in range(30)])  # fmt: skip
    gaps = np.linalg.norm(middles[:, None] - middles[None], axis=2) + 9 * np.eye(30)
    share = reach / gaps.min(axis=1)
    assert (share > 0.4).all()
    assert ((reach[:, None] + reach[None]) < gaps).all()


def test_network_names_members_only(result):
    network = build_network(result.campaigns, result.members, result.edges, alpha=0.05)
    assert sum(node.name is not None for node in network.nodes) == len(result.members)
    # person07 is tied to a member and drawn without a name; person01 and person02 are not drawn.
    assert sum(node.name is None for node in network.nodes) == 1
    assert network.n_edges == 66 + 15 + 1


def test_network_says_how_many_it_left_out(result):
    network = build_network(
        result.campaigns, result.members, result.edges, alpha=0.05, most_nodes=10, most_edges=7
    )
    assert (len(network.nodes), len(network.edges)) == (10, 7)
    assert network.n_nodes == len(result.members) + 1
    assert max(max(pair) for pair in network.edges) < 10
    part = network.first(4, 2)
    assert len(part.nodes) == 4
    assert all(max(pair) < 4 for pair in part.edges)


def test_many_nodes_are_laid_out_through_the_mesh():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(6), 100)
    pairs = np.array(
        [(a, b) for g in range(6) for a, b in rng.integers(0, 100, (300, 2)) + 100 * g]
    )
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    where = lay_out(groups, pairs)
    assert np.isfinite(where).all()
    assert (where == lay_out(groups, pairs)).all()
    middles = np.array([where[groups == g].mean(axis=0) for g in range(6)])
    nearest = np.linalg.norm(where[:, None] - middles, axis=2).argmin(axis=1)
    assert (nearest == groups).mean() > 0.8


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0.01, 50), min_size=1, max_size=30), st.sampled_from([1.0, 0.6]))
def test_packed_discs_do_not_overlap(radii, aspect):
    radii = np.array(radii)
    centres = pack(radii, aspect=aspect)
    gap = np.linalg.norm(centres[:, None] - centres, axis=2) - (radii[:, None] + radii)
    assert (gap[~np.eye(len(radii), dtype=bool)] > 0).all()


def test_map_has_all_pushed_narratives_and_areas_in_proportion(result):
    places = build_narrative_map(result.narratives, result.campaigns, most=2)
    assert {disc.narrative_id for disc in places.discs} == {"n-hostel", "n-bridge"}
    assert places.n == 3
    for disc in places.discs:
        assert disc.campaign >= 0
        assert disc.r <= disc.x <= places.width - disc.r + 1e-9
        assert disc.r <= disc.y <= places.height - disc.r + 1e-9
    one, other = places.discs
    assert (one.r / other.r) ** 2 == pytest.approx(one.n_posts / other.n_posts)


def test_stream_counts_every_post_once(result):
    stream = build_stream(result.posts, result.narratives, result.campaigns, most=1)
    assert len(stream.layers) == 2
    assert stream.layers[-1].narrative_id == ""
    assert sum(sum(layer.counts) for layer in stream.layers) == len(result.posts)
    assert min(min(layer.counts) for layer in stream.layers) >= 0
    assert stream.layers[0].campaign >= 0


@pytest.mark.parametrize("name", ["posts", "evidence", "members", "campaigns"])
def test_reading_a_result_changes_nothing(result, name):
    before = getattr(result, name).copy(deep=True)
    read_source(result)
    pd.testing.assert_frame_equal(getattr(result, name), before)
