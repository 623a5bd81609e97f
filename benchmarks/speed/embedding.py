"""Posts a second of the default embedding, beside bare onnxruntime on the same batches.

Run from the root of the repository: ``python -m benchmarks.speed.embedding``. All contenders run
in turn, several rounds, in one process; the bare ones get batches that are sorted by length and
tokenised beforehand. They are

- same graph: the graph of the library;
- dynamic int8: the same encoder with per-channel weights and onnxruntime's dynamic quantisation,
  in the fused form that its optimiser makes of ``quantize_dynamic`` (faster than the exported
  graph that most people have, and its vectors depend on the batch);

each with onnxruntime's own threads, and with one thread a batch as the library does it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from benchmarks.embedding_quality import read_parallel
from disinfo.embedding import SentenceEmbedding, default_model_folder
from disinfo.embedding.centring import reference_corpus
from disinfo.embedding.offline_build import ONNX_FILE, PROMPT
from disinfo.embedding.onnx_encoder import (
    available_cores,
    equal_length_batches,
    load_onnx_encoder,
)
from disinfo.text.normal import readable

_BATCH_TOKENS = 256
_BARE_BATCH_TOKENS = 1_024  # the best for onnxruntime's own threads, of 256 to 4,096


def dynamic_int8(path: str) -> bytes:
    """Replace quantisation by rows with onnxruntime's own, one scale a batch."""
    model = onnx.load(path)
    made_by = {output: node for node in model.graph.node for output in node.output}
    replaced, kept = {}, []
    for node in model.graph.node:
        if node.op_type == "MatMulIntegerToFloat":
            state = made_by[node.input[0]].input[0]
            replaced[node.output[0]] = [state, node.input[1], node.input[3]]
        elif node.op_type == "Mul" and node.input[0] in replaced:
            kept.append(
                onnx.helper.make_node(
                    "DynamicQuantizeMatMul",
                    replaced[node.input[0]],
                    list(node.output),
                    domain="com.microsoft",
                )
            )
        else:
            kept.append(node)
    del model.graph.node[:]
    model.graph.node.extend(kept)
    serialised: bytes = model.SerializeToString()
    return serialised


def session(source: str | bytes, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def bare(runner: Any, batches: list[NDArray[np.int64]], workers: int) -> Callable[[], object]:
    """Return a call that runs all batches and does nothing else."""

    def run() -> object:
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(lambda ids: runner.run(None, {"input_ids": ids}), batches))

    return run


def contenders(texts: list[str], cores: int, warm: str) -> dict[str, Callable[[], object]]:
    path = str(default_model_folder() / ONNX_FILE)
    tokenizer = load_onnx_encoder(default_model_folder()).tokenizer
    ids = [item.ids for item in tokenizer.encode_batch([PROMPT + readable(t) for t in texts])]
    lengths = np.array([len(item) for item in ids])
    print(f"{len(texts)} posts, {lengths.mean():.1f} tokens on average, {cores} cores")

    def batched(size: int) -> list[NDArray[np.int64]]:
        rows = equal_length_batches(lengths, size)
        return [np.array([ids[row] for row in batch], np.int64) for batch in rows]

    small, large = batched(_BATCH_TOKENS), batched(_BARE_BATCH_TOKENS)
    dynamic = dynamic_int8(path)

    def cached() -> object:
        with tempfile.TemporaryDirectory() as folder:
            return SentenceEmbedding(cache_dir=folder, progress=False)(texts)

    SentenceEmbedding(cache_dir=warm, progress=False)(texts)
    return {
        "library, no cache": lambda: SentenceEmbedding(cache_dir=False, progress=False)(texts),
        "library, empty cache": cached,
        "bare, same graph, own threads": bare(session(path, cores), large, 1),
        "bare, same graph, thread a batch": bare(session(path, 1), small, cores),
        "bare, dynamic int8, own threads": bare(session(dynamic, cores), large, 1),
        "bare, dynamic int8, thread a batch": bare(session(dynamic, 1), small, cores),
        "library, all in cache": lambda: SentenceEmbedding(cache_dir=warm, progress=False)(texts),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the default embedding.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", type=int, default=available_cores())
    arguments = parser.parse_args()
    sources = (*read_parallel().values(), *reference_corpus().values())
    texts = list(dict.fromkeys(text for source in sources for text in source))
    wall: dict[str, list[float]] = {}
    work: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as warm:
        runs = contenders(texts, arguments.cores, warm)
        for _ in range(arguments.rounds + 1):
            for name, run in runs.items():
                started, worked = time.perf_counter(), time.process_time()
                run()
                wall.setdefault(name, []).append(time.perf_counter() - started)
                work.setdefault(name, []).append(time.process_time() - worked)
    first = "library, no cache"
    print(f"{'':36} posts/s  posts/cpu-s  library / this (wall, cpu)")
    for name in runs:
        seconds, cpu = np.median(wall[name][1:]), np.median(work[name][1:])
        ratio = seconds / np.median(wall[first][1:]), cpu / np.median(work[first][1:])
        print(
            f"{name:36} {len(texts) / seconds:7.0f}  {len(texts) / cpu:11.0f}"
            f"  {ratio[0]:.2f} {ratio[1]:.2f}"
        )


if __name__ == "__main__":
    main()
