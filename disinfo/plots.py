"""Plots of a result for notebooks, drawn by matplotlib from the records of `disinfo.charts`."""

from __future__ import annotations

import io
import math
import warnings
from typing import TYPE_CHECKING

import pandas as pd

from disinfo.charts import (
    build_narrative_map,
    build_network,
    build_stream,
    build_waterfall,
    count_over_time,
)
from disinfo.errors import MissingExtraError, ParameterError, did_you_mean
from disinfo.result import Result
from disinfo.text.display import display

try:
    from matplotlib.collections import LineCollection
    from matplotlib.figure import Figure
    from matplotlib.patches import Circle
except ImportError as error:
    raise MissingExtraError("matplotlib", "plot", "Result.plot") from error

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Those of the report's page; eight, and then again from the first.
COLOURS = (
    "#1d6fa5", "#d0711c", "#2b8a63", "#9b4f96", "#b8860b", "#c2455a", "#4c8fb3", "#6b6f1e",
)  # fmt: skip
NEUTRAL, FOR, AGAINST, INK = "#8a8f94", "#a4432f", "#2b7a6b", "#1c2227"
_MOST_NODES, _MOST_EDGES = 1500, 10_000
_LEAST_RADIUS_WITH_LABEL = 0.045


class Plot(Figure):
    """A matplotlib figure that a notebook shows without further ado."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        with warnings.catch_warnings():
            # A letter that the font lacks becomes a box, which is no reason to show nothing.
            warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
            self.savefig(buffer, format="png", dpi=110)
        return buffer.getvalue()


class Plots:
    """The plots of one result: `Result.plot`.

    Parameters
    ----------
    result
        What to draw. Nothing is computed but places and counts.

    Examples
    --------
    >>> import matplotlib.figure
    >>> isinstance(Plots(Result()).network(), matplotlib.figure.Figure)
    True
    """

    def __init__(self, result: Result) -> None:
        self._result = result

    def timeline(self, campaign_id: str | None = None) -> Plot:
        """Draw posts over time.

        Parameters
        ----------
        campaign_id
            The campaign whose posts are counted; all campaigns, one below the other, if not given.

        Returns
        -------
        Figure
            One panel a campaign, with one time axis; an empty one says that nothing was found.

        Raises
        ------
        ParameterError
            When there is no such campaign.
        """
        names = self._campaigns(campaign_id)
        figure = Plot(figsize=(9, 1.0 + 1.5 * max(1, len(names))), layout="constrained")
        if not names:
            return _nothing(figure)
        panels = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
        for number, (name, axes) in enumerate(zip(names, panels, strict=True)):
            line = count_over_time(self._posts_of(name)["created_at"])
            axes.set_title(display(name), loc="left", fontsize=9, parse_math=False)
            axes.set_ylabel("posts")
            if line:
                begin = pd.date_range(line.start, periods=len(line.counts), freq=f"{line.bin_s}s")
                days = line.bin_s / 86400
                colour = COLOURS[number % len(COLOURS)]
                axes.bar(begin.tz_localize(None), line.counts, days, align="edge", color=colour)
            _bare(axes)
        return figure

    def network(self) -> Plot:
        """Draw the coordination network; accounts outside campaigns have no name.

        Returns
        -------
        Figure
            At most 1,500 accounts and 10,000 lines, members first; the title says how many.
        """
        result = self._result
        network = build_network(
            result.campaigns,
            result.members,
            result.edges,
            alpha=float(result.manifest.get("alpha") or 0.0),
            most_nodes=_MOST_NODES,
            most_edges=_MOST_EDGES,
        )
        figure = Plot(figsize=(9, 6), layout="constrained")
        if not network.nodes:
            return _nothing(figure)
        axes = figure.subplots()
        points = [(node.x, 1 - node.y) for node in network.nodes]
        colours = [_colour(node.campaign) for node in network.nodes]
        lines = [(points[a], points[b]) for a, b in network.edges]
        axes.add_collection(LineCollection(lines, colors=NEUTRAL, linewidths=0.5, alpha=0.3))
        sizes = [26 if node.name else 8 for node in network.nodes]
        x, y = zip(*points, strict=True)
        axes.scatter(x, y, c=colours, s=sizes, zorder=2)
        for number, name in enumerate(result.campaigns["campaign_id"].head(len(COLOURS))):
            axes.scatter([], [], c=COLOURS[number], label=display(name))
        axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
        axes.set_title(
            f"{len(network.nodes):,} of {network.n_nodes:,} accounts, "
            f"{len(network.edges):,} of {network.n_edges:,} lines",
            fontsize=9,
        )
        axes.set_axis_off()
        return figure

    def evidence(self, campaign_id: str | None = None) -> Plot:
        """Draw a campaign's evidence as steps, in bits, from the prior to the log-odds.

        Parameters
        ----------
        campaign_id
            The campaign; the first of the table if not given.

        Returns
        -------
        Figure
            Bars to the right speak for inauthenticity, to the left against.

        Raises
        ------
        ParameterError
            When there is no such campaign.
        """
        names = self._campaigns(campaign_id)[:1]
        figure = Plot(figsize=(9, 4), layout="constrained")
        if not names:
            return _nothing(figure)
        result = self._result
        own = (result.evidence["subject"] == "campaign") & (
            result.evidence["subject_id"] == names[0]
        )
        row = result.campaigns.set_index("campaign_id").loc[names[0]]
        fall = build_waterfall(
            result.evidence[own],
            prevalence=result.manifest.get("prevalence"),
            probability=float(row["probability"]),
        )
        axes = figure.subplots()
        for place, step in enumerate(fall.steps):
            toward = FOR if step.bits > 0 else AGAINST
            colour = toward if step.kind == "signal" else NEUTRAL
            axes.barh(place, step.bits, left=step.start, color=colour, height=0.6)
            axes.text(max(step.start, step.end) + 0.1, place, f"{step.bits:+.1f}", va="center")
        axes.axvline(fall.total, color=INK, linewidth=1)
        labels = [display(step.signal.replace("_", " ")) for step in fall.steps]
        axes.set_yticks(range(len(labels)), labels, parse_math=False)
        axes.invert_yaxis()
        axes.set_xlabel(f"log-odds in bits; sum {fall.total:+.1f}, {_percent(row['probability'])}")
        title = f"{display(names[0])}: {display(row['verdict'])}"
        axes.set_title(title, loc="left", fontsize=10, parse_math=False)
        _bare(axes)
        return figure

    def map(self) -> Plot:
        """Draw the map of narratives: a disc a narrative, its area the number of posts.

        Returns
        -------
        Figure
            Colours are campaigns; grey is a story that no campaign pushes.
        """
        places = build_narrative_map(self._result.narratives, self._result.campaigns)
        figure = Plot(figsize=(9, 1 + 8 * places.height), layout="constrained")
        if not places.discs:
            return _nothing(figure)
        axes = figure.subplots()
        for disc in places.discs:
            shape = Circle((disc.x, disc.y), disc.r, color=_colour(disc.campaign), alpha=0.75)
            axes.add_patch(shape)
            if disc.r > _LEAST_RADIUS_WITH_LABEL:
                text = display(disc.label, limit=200).replace("\n", " ")[: int(disc.r * 220)]
                axes.text(
                    disc.x, disc.y, text, ha="center", va="center", fontsize=7, parse_math=False
                )
        axes.set_xlim(0, places.width)
        axes.set_ylim(places.height, 0)
        axes.set_aspect("equal")
        axes.set_title(f"{len(places.discs):,} of {places.n:,} narratives", fontsize=9)
        axes.set_axis_off()
        return figure

    def stream(self) -> Plot:
        """Draw posts over time by narrative, those of campaigns first.

        Returns
        -------
        Figure
            At most eight narratives and all others together.
        """
        result = self._result
        figure = Plot(figsize=(9, 4), layout="constrained")
        stream = build_stream(result.posts, result.narratives, result.campaigns)
        if stream is None:
            return _nothing(figure)
        axes = figure.subplots()
        n_bins = len(stream.layers[0].counts)
        begin = pd.date_range(stream.start, periods=n_bins, freq=f"{stream.bin_s}s")
        layers = [layer.counts for layer in stream.layers]
        colours = [
            COLOURS[i % len(COLOURS)] if layer.narrative_id else NEUTRAL
            for i, layer in enumerate(stream.layers)
        ]
        axes.stackplot(begin.tz_localize(None), *layers, colors=colours, step="post")
        for colour, layer in zip(colours, stream.layers, strict=True):
            label = display(layer.label, limit=60) or "all other narratives"
            axes.scatter([], [], color=colour, label=label, marker="s")
        legend = axes.legend(frameon=False, fontsize=7, loc="upper left", bbox_to_anchor=(0, -0.1))
        for text in legend.get_texts():
            text.set_parse_math(False)
        axes.set_ylabel("posts")
        _bare(axes)
        return figure

    def _campaigns(self, campaign_id: str | None) -> list[str]:
        known = [str(name) for name in self._result.campaigns["campaign_id"]]
        if campaign_id is None:
            return known[: 2 * len(COLOURS)]
        if campaign_id not in known:
            problem = f"no campaign {campaign_id!r} in this result."
            raise ParameterError(problem + did_you_mean([str(campaign_id)], known))
        return [campaign_id]

    def _posts_of(self, campaign_id: str) -> pd.DataFrame:
        objects = self._result.campaign_objects
        own = objects.loc[objects["campaign_id"] == campaign_id, "post_id"]
        return self._result.posts[self._result.posts["post_id"].isin(own)]


def _colour(campaign: int) -> str:
    return COLOURS[campaign % len(COLOURS)] if campaign >= 0 else NEUTRAL


def _percent(probability: float) -> str:
    return "no probability" if math.isnan(probability) else f"probability {probability:.0%}"


def _bare(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _nothing(figure: Plot) -> Plot:
    figure.text(0.5, 0.5, "nothing to draw", ha="center", va="center", color=NEUTRAL)
    return figure
