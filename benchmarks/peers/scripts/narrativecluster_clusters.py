"""Clusters by narrativecluster; runs in its environment."""

import importlib
import json
import sys
from pathlib import Path

import numpy as np


def main(folder: Path) -> None:
    table = json.loads((folder / "input.json").read_text(encoding="utf-8"))
    vectors = np.load(folder / "embeddings.npy")
    pandas = importlib.import_module("pandas")
    module = importlib.import_module("narrativecluster")
    frame = pandas.DataFrame({"cleaned_text": table["text"], "text_id": table["text_id"]})
    frame["embedding_aligned"] = list(vectors)
    frame["site"] = "one"
    found = module.NarrativeClusterer(module.ClusterConfig()).fit_predict(frame)
    found = found[found["nv_pred_cluster"] >= 0]
    answer = {
        "text_id": found["text_id"].tolist(),
        "label": found["nv_pred_cluster"].astype(int).tolist(),
    }
    (folder / "output.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
