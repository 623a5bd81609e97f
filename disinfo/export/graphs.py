"""The coordination network for Gephi and other graph tools.

Only members of campaigns are nodes: a pair alone names nobody.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import networkx
import pandas as pd

from disinfo.result import Result
from disinfo.whole_files import whole_file

# XML 1.0 knows no other characters; one of these in an id makes the whole file unreadable.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EDGE_COLUMNS = (
    "co_actions", "expected", "surprise_bits", "p", "q", "lead_share", "median_delay_s",
)  # fmt: skip


def write_gexf(result: Result, file: Path) -> None:
    """Write GEXF with the time of each node: from its first to its last post in a campaign.

    Parameters
    ----------
    result
        What to write.
    file
        Replaced when it is there.
    """
    graph = build_graph(result)
    graph.graph["mode"] = "dynamic"
    with whole_file(file) as part:
        networkx.write_gexf(graph, part, version="1.2draft")


def write_graphml(result: Result, file: Path) -> None:
    """Write GraphML; `start` and `end` are attributes of the nodes."""
    with whole_file(file) as part:
        networkx.write_graphml(build_graph(result), part)


def build_graph(result: Result) -> networkx.Graph:
    """Return members of campaigns as nodes and their pairs of layer "all" as edges.

    Parameters
    ----------
    result
        What to draw.

    Returns
    -------
    networkx.Graph
        Nodes have label, campaign, verdict, probability, low, high, strength, dedication, posts,
        and where they are known start and end; an account in several campaigns has its most
        probable one. Edges have weight (bits of surprise) and the columns of `edges`. What is
        missing is left out, since not every reader knows a missing number.

    Examples
    --------
    >>> build_graph(Result()).number_of_nodes()
    0
    """
    graph = networkx.Graph()
    for row in _node_rows(result).to_dict("records"):
        name = xml_safe(str(row.pop("account_id")))
        graph.add_node(name, label=name, **_known(row))
    edges = result.edges[result.edges["layer"] == "all"]
    for row in edges.to_dict("records"):
        a, b = xml_safe(str(row["account_a"])), xml_safe(str(row["account_b"]))
        if a in graph and b in graph:
            numbers = _known({column: row[column] for column in _EDGE_COLUMNS})
            carrier = _known({"carrier_layer": row["carrier_layer"]})
            graph.add_edge(a, b, weight=float(row["surprise_bits"]), **numbers, **carrier)
    return graph


def xml_safe(text: str) -> str:
    """Return text in which characters that XML cannot hold are replaced.

    Examples
    --------
    >>> xml_safe("a" + chr(0) + "b") == "a" + chr(0xFFFD) + "b"
    True
    """
    return _NOT_XML.sub("\ufffd", text)


def _node_rows(result: Result) -> pd.DataFrame:
    rank = {name: i for i, name in enumerate(result.campaigns["campaign_id"])}
    members = result.members.assign(_at=result.members["campaign_id"].map(rank)).sort_values(
        ["_at", "account_id"]
    )
    members = members.drop_duplicates("account_id").sort_values("account_id").drop(columns="_at")
    scored = result.accounts[
        ["account_id", "probability", "low", "high", "verdict", "n_posts"]
    ].rename(columns={"n_posts": "posts"})
    rows = members.rename(columns={"campaign_id": "campaign"}).merge(
        scored, on="account_id", how="left"
    )
    return rows.merge(_times(result), on="account_id", how="left")


def _times(result: Result) -> pd.DataFrame:
    """Return each account's first and last post with an object of a campaign."""
    posts = result.posts[result.posts["post_id"].isin(result.campaign_objects["post_id"])]
    timed = posts[posts["created_at"].notna() & posts["account_id"].notna()]
    spans = timed.groupby("account_id")["created_at"].agg(["min", "max"]).reset_index()
    form = "%Y-%m-%dT%H:%M:%S"
    return pd.DataFrame(
        {
            "account_id": spans["account_id"],
            "start": pd.to_datetime(spans["min"], utc=True).dt.strftime(form),
            "end": pd.to_datetime(spans["max"], utc=True).dt.strftime(form),
        }
    )


def _known(row: dict[str, Any]) -> dict[str, Any]:
    """Return plain Python values without the missing ones."""
    out: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, str):
            out[key] = xml_safe(value)
        elif value is not None and not pd.isna(value) and math.isfinite(value):
            out[key] = int(value) if float(value).is_integer() and key == "posts" else float(value)
    return out
