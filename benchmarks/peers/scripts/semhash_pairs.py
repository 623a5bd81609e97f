"""Pairs of duplicates by semhash; runs in its environment."""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np


class _GivenVectors:
    """Stand in for a model: hands out the vectors that were computed beforehand."""

    def __init__(self, texts: list[str], vectors: Any) -> None:
        self._row = dict(zip(texts, vectors, strict=True))

    def encode(self, inputs: Any, **_: Any) -> Any:
        return np.stack([self._row[text] for text in inputs])


def main(folder: Path) -> None:
    table = json.loads((folder / "input.json").read_text(encoding="utf-8"))
    vectors = np.load(folder / "embeddings.npy")
    records = [
        {"text": text, "id": name}
        for text, name in zip(table["text"], table["text_id"], strict=True)
    ]
    semhash = importlib.import_module("semhash").SemHash.from_embeddings(
        embeddings=vectors,
        records=records,
        model=_GivenVectors(table["text"], vectors),
        columns=["text"],
    )
    groups: dict[str, list[str]] = {}
    for one in semhash.self_deduplicate().filtered:
        groups.setdefault(one.duplicate_of["id"], [one.duplicate_of["id"]]).append(one.record["id"])
    pairs = [(a, b) for own in groups.values() for k, a in enumerate(own) for b in own[k + 1 :]]
    answer = {"text_a": [a for a, _ in pairs], "text_b": [b for _, b in pairs]}
    (folder / "output.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
