"""Seconds (wall and CPU) and pairs of D3lta's own functions; runs in its environment.

Its `semantic_faiss` cleans the texts, finds matches among the vectors, gives them types and makes
clusters. The seconds of the matching alone (index, matches, types) are counted beside the whole.
"""

import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

# The script beside this one: it is run from its folder and is no part of a package.
_pairs = importlib.import_module("three_delta_pairs")
_MATCHING = ("create_index_cosine", "find_matches", "compute_duplicate_types")


def main(folder: Path) -> None:
    module = _pairs._module()
    spent, cpu = dict.fromkeys(_MATCHING, 0.0), dict.fromkeys(_MATCHING, 0.0)

    def counted(name: str, function: Any) -> Any:
        def run(*arguments: Any, **named: Any) -> Any:
            started, worked = time.perf_counter(), time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                spent[name] += time.perf_counter() - started
                cpu[name] += time.process_time() - worked

        return run

    for name in _MATCHING:
        setattr(module, name, counted(name, getattr(module, name)))
    names, texts, vectors = _pairs.given(folder, module)
    started, worked = time.perf_counter(), time.process_time()
    found, _ = module.semantic_faiss(texts, min_size_txt=30, df_embeddings_use=vectors)
    whole, work = time.perf_counter() - started, time.process_time() - worked
    answer = {
        "text_a": [names[int(a)] for a in found["source"]],
        "text_b": [names[int(b)] for b in found["target"]],
        "seconds": {
            "whole": (whole, work),
            "matching": (sum(spent.values()), sum(cpu.values())),
        },
    }
    (folder / "output.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
