"""What a chart shows, as small records, apart from how it is drawn.

The report's page, the plots for notebooks and anything of your own draw from the same records:
`build_network` and `Network`, `build_narrative_map` and `NarrativeMap`, `build_stream` and
`Stream`, `count_over_time` and `Timeline`, `build_waterfall` and `Waterfall`. Nothing here computes
a score.
"""

from __future__ import annotations

from disinfo.charts.narrative_map import NarrativeMap, build_narrative_map
from disinfo.charts.network import Network, build_network
from disinfo.charts.stream import Stream, build_stream
from disinfo.charts.timeline import Timeline, count_over_time
from disinfo.charts.waterfall import Waterfall, build_waterfall

__all__ = [
    "NarrativeMap",
    "Network",
    "Stream",
    "Timeline",
    "Waterfall",
    "build_narrative_map",
    "build_network",
    "build_stream",
    "build_waterfall",
    "count_over_time",
]
