"""Plots and the summary for notebooks."""

from __future__ import annotations

import dataclasses
import re

import pytest

from disinfo.errors import ParameterError
from disinfo.result import Result

pytest.importorskip("matplotlib")
KINDS = ("timeline", "network", "evidence", "map", "stream")
HOSTILE = "$\\frac{1}$ <script>alert(1)</script> \u202e _{x}^"


@pytest.mark.parametrize("kind", KINDS)
def test_plots_are_pictures(result, kind):
    picture = getattr(result.plot, kind)()._repr_png_()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 3000


@pytest.mark.parametrize("kind", KINDS)
def test_plots_of_nothing_say_so(kind):
    figure = getattr(Result().plot, kind)()
    assert [text.get_text() for text in figure.texts] == ["nothing to draw"]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_is_no_formula_of_the_plot(result, kind):
    hostile = dataclasses.replace(
        result,
        narratives=result.narratives.assign(label=HOSTILE),
        evidence=result.evidence.assign(signal=result.evidence["signal"] + HOSTILE),
        campaigns=result.campaigns.assign(verdict=HOSTILE),
    )
    assert getattr(hostile.plot, kind)()._repr_png_()


def test_timeline_of_one_campaign_counts_its_posts(result):
    figure = result.plot.timeline("c-aa")
    assert sum(bar.get_height() for bar in figure.axes[0].patches) == 120
    assert len(result.plot.timeline().axes) == 2


def test_evidence_adds_up_to_the_sum(result):
    axes = result.plot.evidence("c-aa").axes[0]
    assert sum(bar.get_width() for bar in axes.patches) == pytest.approx(3.73)
    assert "probability 93%" in axes.get_xlabel()


def test_network_draws_members_and_their_ties(result):
    figure = result.plot.network()
    assert "19 of 19 accounts, 82 of 82 lines" in figure.axes[0].get_title()


def test_an_unknown_campaign_is_refused(result):
    with pytest.raises(ParameterError, match="Did you mean 'c-"):
        result.plot.evidence("c-ab")


def test_a_notebook_shows_counts_and_campaigns(result):
    shown = result._repr_html_()
    for words in ("2 coordinated group(s) found, 1 called likely inauthentic", "412 rows read",
                  "c-aa", "0.93", "Coordination is not guilt"):  # fmt: skip
        assert words in shown
    assert (
        "No campaign found. 8 accounts"
        in dataclasses.replace(Result(), manifest=result.manifest)._repr_html_()
    )


def test_a_notebook_runs_nothing(result):
    bad = "<script>alert(1)</script>"
    rows = result.campaigns.assign(verdict=bad, layers=[[bad]] * 2)
    shown = dataclasses.replace(result, campaigns=rows, manifest={"alpha": bad})._repr_html_()
    assert not re.search(r"<script", shown)
