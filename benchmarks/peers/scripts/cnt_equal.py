"""Pairs of equal texts by the coordination network toolkit; runs in its environment.

It links accounts, so every text gets an account of its own, all at one time.
"""

import csv
import importlib
import json
import sys
from pathlib import Path

_COLUMNS = (
    "message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls",
)  # fmt: skip


def main(folder: Path) -> None:
    table = json.loads((folder / "input.json").read_text(encoding="utf-8"))
    with (folder / "messages.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_COLUMNS)
        for name, text in zip(table["text_id"], table["text"], strict=True):
            writer.writerow([name, name, name, "", "", text, 0, ""])
    package = "coordination_network_toolkit"
    database = str(folder / "messages.db")
    importlib.import_module(f"{package}.preprocess").preprocess_csv_files(
        database, [str(folder / "messages.csv")]
    )
    importlib.import_module(f"{package}.compute_networks").compute_co_tweet_network(database, 60)
    graph = importlib.import_module(f"{package}.graph").load_networkx_graph(database, "co_tweet")
    edges = [(a, b) for a, b in graph.edges() if a != b]
    answer = {"text_a": [a for a, _ in edges], "text_b": [b for _, b in edges]}
    (folder / "output.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
