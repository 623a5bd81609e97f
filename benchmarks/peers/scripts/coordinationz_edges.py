"""Edges under coordinationz' bipartite null; runs in its environment."""

import importlib
import json
import sys
from pathlib import Path

MAX_P = 0.01
# Its default is 10,000; so many resolve its cut of .01 as well, in a fifth of the time.
REALIZATIONS = 2_000


def main(folder: Path) -> None:
    table = json.loads((folder / "input.json").read_text(encoding="utf-8"))
    acts = [
        (account, f"{layer}:{name}")
        for account, layer, name in zip(
            table["account_id"], table["layer"], table["object_id"], strict=True
        )
    ]
    found = importlib.import_module("coordinationz").nullmodel.bipartiteNullModelSimilarity(
        acts, scoreType=["pvalue"], realizations=REALIZATIONS, idf="smoothlog", workers=2,
        showProgress=False,
    )  # fmt: skip
    names = found["labels"]
    edges = [
        (names[a], names[b])
        for (a, b), p in zip(found["indexedEdges"], found["pvalues"], strict=True)
        if p < MAX_P
    ]
    answer = {"account_a": [a for a, _ in edges], "account_b": [b for _, b in edges]}
    (folder / "output.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
