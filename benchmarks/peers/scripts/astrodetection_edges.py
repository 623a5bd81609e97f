"""Co-URL edges by astrodetection; runs in its environment."""

import importlib
import json
import sys
from pathlib import Path

# The cut that its hub score uses by default.
MIN_WEIGHT = 0.9


def main(folder: Path) -> None:
    table = json.loads((folder / "input.json").read_text(encoding="utf-8"))
    pandas = importlib.import_module("pandas")
    frame = pandas.DataFrame(
        {
            "screen name": table["account_id"],
            "url": [
                f"https://{layer}.example/{name}".replace(" ", "_")
                for layer, name in zip(table["layer"], table["object_id"], strict=True)
            ],
        }
    )
    module = importlib.import_module("astrodetection.network_utilities")
    graph = module.create_coURL_graph(frame, url_col="url")
    edges = [(a, b) for a, b, w in graph.edges(data="weight") if w >= MIN_WEIGHT]
    answer = {"account_a": [a for a, _ in edges], "account_b": [b for _, b in edges]}
    (folder / "output.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
