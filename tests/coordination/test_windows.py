import pytest

from disinfo import tables
from disinfo.coordination import SurpriseNull, suggest_windows
from disinfo.errors import DisinfoError


def test_the_window_of_the_campaign_is_suggested(planted_world):
    edges = SurpriseNull()(planted_world[0])["edges"]
    found = suggest_windows(edges)
    assert found.groupby("layer")["share"].sum().tolist() == pytest.approx(
        [1.0] * found["layer"].nunique()
    )
    assert found.groupby("layer")["suggested"].sum().eq(1).all()
    pairs = edges[(edges["layer"] == "all") & (edges["q"] <= 0.05)]
    assert found["n_pairs"].sum() == len(pairs) > 0
    suggested = found[found["suggested"]].iloc[0]
    assert suggested["delay_s"] <= suggested["window_s"]


def test_no_links_no_suggestion():
    assert suggest_windows(tables.EDGES.empty()).empty


def test_it_asks_for_edges():
    with pytest.raises(DisinfoError):
        suggest_windows(tables.CAMPAIGNS.empty())
    with pytest.raises(DisinfoError):
        suggest_windows(tables.EDGES.empty(), alpha=2)
