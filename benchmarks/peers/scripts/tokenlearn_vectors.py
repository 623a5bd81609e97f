"""Vectors of tokenlearn-static-model; runs in its environment."""

import importlib
import json
import sys
from pathlib import Path


def main(folder: Path) -> None:
    texts = json.loads((folder / "input.json").read_text(encoding="utf-8"))["text"]
    vectors = importlib.import_module("static_model").get_embeddings(texts)
    (folder / "output.json").write_text(json.dumps({"vector": vectors}), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
