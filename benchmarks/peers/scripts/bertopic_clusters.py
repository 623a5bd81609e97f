"""Topics by BERTopic without its torch; runs in its environment."""

import importlib
import json
import sys
from pathlib import Path

import numpy as np


def main(folder: Path) -> None:
    table = json.loads((folder / "input.json").read_text(encoding="utf-8"))
    vectors = np.load(folder / "embeddings.npy")
    reducer = importlib.import_module("umap").UMAP(
        n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=42
    )
    model = importlib.import_module("bertopic").BERTopic(umap_model=reducer)
    labels, _ = model.fit_transform(table["text"], vectors)
    kept = [(name, int(k)) for name, k in zip(table["text_id"], labels, strict=True) if k >= 0]
    answer = {"text_id": [name for name, _ in kept], "label": [k for _, k in kept]}
    (folder / "output.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
