"""The page's large charts: records, drawings, the words beside them and the script's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from disinfo.charts.narrative_map import NarrativeMap, build_narrative_map
from disinfo.charts.network import Network, build_network
from disinfo.charts.stream import Layer, Stream, build_stream
from disinfo.report.drawing_maps import (
    HEIGHT,
    STREAM_HEIGHT,
    WIDTH,
    draw_map,
    draw_network,
    draw_stream,
    map_box,
)
from disinfo.report.overview import verdict_class, verdict_words
from disinfo.report.source import Source
from disinfo.report.words import Words
from disinfo.text.display import display

# On paper and without the script a still drawing stands in for the network.
STILL_NODES, STILL_EDGES = 400, 1500
_FINE = 10_000


@dataclass(frozen=True)
class Drawing:
    """A drawing, its view box, what it says in words, and a note below it."""

    svg: Markup
    box: str
    label: str
    note: str


@dataclass(frozen=True)
class PageCharts:
    """What the page draws large; a chart without anything to show is None."""

    network: Network
    network_still: Drawing
    narrative_map: Drawing | None
    stream: Drawing | None
    stream_layers: tuple[Layer, ...]
    stream_start: object
    stream_end: object
    network_data: dict[str, Any]


def draw_page_charts(source: Source, words: Words) -> PageCharts:
    """Build and draw network, map and stream of a page.

    Parameters
    ----------
    source
        The page's tables.
    words
        The page's language.

    Returns
    -------
    PageCharts
        With the compact data from which the script draws the whole network.
    """
    alpha = float(source.manifest.get("alpha") or 0.0)
    network = build_network(source.campaigns, source.members, source.edges, alpha=alpha)
    stream = build_stream(source.posts, source.narratives, source.campaigns)
    places = build_narrative_map(source.narratives, source.campaigns)
    return PageCharts(
        network=network,
        network_still=_still(network, source, words),
        narrative_map=_map(places, source, words) if places.discs else None,
        stream=_stream(stream, words) if stream else None,
        stream_layers=stream.layers if stream else (),
        stream_start=stream.start if stream else None,
        stream_end=stream.end if stream else None,
        network_data=_network_data(network, source, words),
    )


def _campaign_ids(source: Source) -> list[str]:
    return [display(name) for name in source.campaigns["campaign_id"]]


def _still(network: Network, source: Source, words: Words) -> Drawing:
    ids = _campaign_ids(source)
    still = network.first(STILL_NODES, STILL_EDGES)
    titles = [
        f"{display(node.name, limit=80)} · {ids[node.campaign]}"
        if node.name
        else words("network.unnamed")
        for node in still.nodes
    ]
    note = words(
        "network.counts",
        nodes=words.number(len(network.nodes)),
        n_nodes=words.number(network.n_nodes),
        edges=words.number(len(network.edges)),
        n_edges=words.number(network.n_edges),
    )
    return Drawing(
        draw_network(still, titles), f"0 0 {WIDTH} {HEIGHT}", words("network.label"), note
    )


def _map(places: NarrativeMap, source: Source, words: Words) -> Drawing:
    ids = _campaign_ids(source)
    titles = []
    for disc in places.discs:
        posts = words.count("unit.post", disc.n_posts)
        label = display(disc.label, limit=160)
        if disc.campaign < 0:
            titles.append(words("map.disc", label=label, posts=posts))
        else:
            campaign = ids[disc.campaign]
            titles.append(words("map.pushed", label=label, posts=posts, campaign=campaign))
    n_pushed = sum(disc.campaign >= 0 for disc in places.discs)
    n = words.number(len(places.discs))
    return Drawing(
        svg=draw_map(places, titles),
        box=map_box(places),
        label=words("map.label", n=n, pushed=words.number(n_pushed)),
        note=words("map.counts", n=n, total=words.number(places.n)),
    )


def _stream(stream: Stream, words: Words) -> Drawing:
    titles = [
        words(
            "stream.layer",
            label=layer_label(layer, words),
            posts=words.count("unit.post", sum(layer.counts)),
            peak=words.number(max(layer.counts)),
        )
        for layer in stream.layers
    ]
    label = words(
        "stream.label",
        start=words.time(stream.start),
        end=words.time(stream.end),
        layers="; ".join(titles),
    )
    return Drawing(
        svg=draw_stream(stream, titles),
        box=f"0 0 {WIDTH} {STREAM_HEIGHT}",
        label=label,
        note=words(
            "stream.intro",
            bin=words.duration(stream.bin_s),
            peak=words.number(max(map(sum, zip(*(x.counts for x in stream.layers), strict=True)))),
        ),
    )


def layer_label(layer: Layer, words: Words) -> str:
    """Return what a layer is called on the page."""
    if not layer.narrative_id:
        return words("stream.rest")
    return display(layer.label, limit=120) or display(layer.narrative_id)


def _network_data(network: Network, source: Source, words: Words) -> dict[str, Any]:
    """Return the network as arrays of whole numbers, which keeps 50,000 lines within 0.6 MB."""
    verdicts = source.campaigns["verdict"].tolist()
    return {
        "aspect": HEIGHT / WIDTH,
        "x": _scaled([node.x for node in network.nodes]),
        "y": _scaled([node.y for node in network.nodes]),
        "campaign": [node.campaign for node in network.nodes],
        "name": [display(node.name, limit=80) if node.name else None for node in network.nodes],
        "ends": [end for pair in network.edges for end in pair],
        "campaigns": [
            {"id": name, "verdict": verdict_words(verdict, words), "class": verdict_class(verdict)}
            for name, verdict in zip(_campaign_ids(source), verdicts, strict=True)
        ],
    }


def _scaled(values: Sequence[float]) -> list[int]:
    return [round(value * _FINE) for value in values]
