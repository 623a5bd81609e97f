"""Co-link edges by the coordination network toolkit; runs in its environment."""

import csv
import importlib
import json
import sys
from pathlib import Path

WINDOW_S = 60
MIN_EDGE_WEIGHT = 3
_COLUMNS = (
    "message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls",
)  # fmt: skip


def main(folder: Path) -> None:
    table = json.loads((folder / "input.json").read_text(encoding="utf-8"))
    with (folder / "messages.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_COLUMNS)
        rows = zip(
            table["account_id"], table["layer"], table["object_id"], table["created_at"],
            strict=True,
        )  # fmt: skip
        for number, (account, layer, name, time) in enumerate(rows):
            address = f"https://{layer}.example/{name}".replace(" ", "_")
            writer.writerow([number, account, account, "", "", "", time, address])
    package = "coordination_network_toolkit"
    database = str(folder / "messages.db")
    importlib.import_module(f"{package}.preprocess").preprocess_csv_files(
        database, [str(folder / "messages.csv")]
    )
    importlib.import_module(f"{package}.compute_networks").compute_co_link_network(
        database, WINDOW_S, n_threads=1, min_edge_weight=MIN_EDGE_WEIGHT
    )
    graph = importlib.import_module(f"{package}.graph").load_networkx_graph(database, "co_link")
    edges = [(a, b) for a, b in graph.edges() if a != b]
    answer = {"account_a": [a for a, _ in edges], "account_b": [b for _, b in edges]}
    (folder / "output.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
