"""Pairs by D3lta or by astrodetection's version of it; runs in the environment of either.

D3lta loads TensorFlow and fastText for vectors and languages, both of which it is handed here:
where they are absent, empty modules stand in for them.
"""

import importlib
import json
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np

_UNUSED = ("tensorflow", "tensorflow_hub", "tensorflow_text", "fasttext")


def _module() -> Any:
    for name in _UNUSED:
        try:
            importlib.import_module(name)
        except ImportError:
            sys.modules[name] = types.ModuleType(name)
    try:
        return importlib.import_module("d3lta.faissd3lta")
    except ImportError:
        return importlib.import_module("astrodetection.faissd3lta")


def given(folder: Path, module: Any) -> tuple[list[str], Any, Any]:
    """Return the names of the texts, and those texts and vectors that are long enough for it."""
    table = json.loads((folder / "input.json").read_text(encoding="utf-8"))
    pandas = importlib.import_module("pandas")
    names = table["text_id"]
    index = [str(number) for number in range(len(names))]
    texts = pandas.DataFrame(
        {"original": table["text"], "language": table["language"]}, index=index
    )
    # Rows that are too short leave the table but not the vectors: both are cut alike.
    kept = module.prepare_dataset(texts.copy(), min_size_txt=30).index
    vectors = pandas.DataFrame(np.load(folder / "embeddings.npy"), index=index).loc[kept]
    return names, texts.loc[kept], vectors


def main(folder: Path) -> None:
    module = _module()
    names, texts, vectors = given(folder, module)
    try:
        found, _ = module.semantic_faiss(texts, min_size_txt=30, df_embeddings_use=vectors)
        pairs = list(zip(found["source"].astype(int), found["target"].astype(int), strict=True))
    except ValueError as error:
        # It fails where nothing matches at all.
        if "concatenate" not in str(error) and "No objects" not in str(error):
            raise
        pairs = []
    answer = {"text_a": [names[a] for a, _ in pairs], "text_b": [names[b] for _, b in pairs]}
    (folder / "output.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
