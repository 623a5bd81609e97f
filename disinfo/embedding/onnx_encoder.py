"""Running the default model: tokenise, batch by length, pool.

A batch holds texts of exactly one token length, so nothing is padded and no text sees another.
Each batch runs on one thread, several batches at a time: that is faster than several threads in
one batch (no waiting at each of some 500 small operators), and the result cannot depend on the
number of threads.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from disinfo.embedding.offline_build import ONNX_FILE, TOKENIZER_FILE
from disinfo.embedding.package_weights import PURPOSE
from disinfo.embedding.unigram_tokenizer import MAX_TOKENS
from disinfo.errors import MissingExtraError, ModelError
from disinfo.stages import Vectors


@dataclass(frozen=True, kw_only=True)
class OnnxEncoder:
    """A tokenizer and an encoder that give one unit vector a text.

    Parameters
    ----------
    tokenizer
        A ``tokenizers.Tokenizer``.
    session
        An ``onnxruntime.InferenceSession`` with ``input_ids`` in and token states out.
    """

    tokenizer: Any
    session: Any

    def __call__(self, texts: Sequence[str], *, batch_tokens: int, threads: int) -> Vectors:
        """Embed texts.

        Parameters
        ----------
        texts
            Texts with their prompt, n of them; what follows the 512th token is left out.
        batch_tokens
            Tokens in a batch; a longer text is a batch of its own.
        threads
            Batches run at a time.

        Returns
        -------
        ndarray of shape (n, 384), float32
            Unit rows.
        """
        ids = [encoding.ids for encoding in self.tokenizer.encode_batch_fast(list(texts))]
        lengths = np.fromiter(map(len, ids), np.int64, len(ids))
        batches = equal_length_batches(lengths, batch_tokens)
        with ThreadPoolExecutor(threads) as pool:
            pooled = list(pool.map(lambda rows: self._run([ids[row] for row in rows]), batches))
        vectors = np.empty((len(ids), pooled[0].shape[1] if pooled else 0), np.float32)
        for rows, part in zip(batches, pooled, strict=True):
            vectors[rows] = part
        return vectors

    def _run(self, ids: list[list[int]]) -> Vectors:
        (states,) = self.session.run(None, {"input_ids": np.array(ids, np.int64)})
        means: Vectors = states.sum(axis=1)
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        return means


def equal_length_batches(lengths: NDArray[np.int64], batch_tokens: int) -> list[NDArray[np.int64]]:
    """Split rows into batches of one token length each, the longest first.

    Parameters
    ----------
    lengths
        Tokens of each text, shape (n,).
    batch_tokens
        Tokens in a batch at most, unless one text alone has more.

    Returns
    -------
    list of ndarray
        Row numbers; each row is in exactly one batch. The longest come first, so that no thread
        is left with a long one at the end.

    Examples
    --------
    >>> [rows.tolist() for rows in equal_length_batches(np.array([3, 5, 3, 3]), 6)]
    [[1], [0, 2], [3]]
    """
    order = np.argsort(-lengths, kind="stable")
    starts = np.flatnonzero(np.diff(lengths[order], prepend=-1))
    batches = []
    for same in np.split(order, starts[1:]):
        if len(same):
            size = max(1, batch_tokens // max(1, int(lengths[same[0]])))
            batches += [same[at : at + size] for at in range(0, len(same), size)]
    return batches


def available_cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@lru_cache(maxsize=1)
def load_onnx_encoder(folder: Path) -> OnnxEncoder:
    """Load the encoder of a built folder; the last one loaded is kept.

    Parameters
    ----------
    folder
        What `default_model_folder` returned.

    Returns
    -------
    OnnxEncoder
        About 250 MB in memory.

    Raises
    ------
    MissingExtraError
        When ``onnxruntime`` or ``tokenizers`` is not installed.
    ModelError
        When onnxruntime refuses the file.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtraError("onnxruntime", "offline", PURPOSE) from error
    try:
        import tokenizers
    except ImportError as error:
        raise MissingExtraError("tokenizers", "offline", PURPOSE) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    # The next level would join Add and LayerNormalization into SkipLayerNormalization, which is
    # five times slower on a processor than the two apart.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # Every batch has a shape of its own; a memory plan for each would only pile up.
    options.enable_mem_pattern = False
    try:
        session = onnxruntime.InferenceSession(
            str(folder / ONNX_FILE), options, providers=["CPUExecutionProvider"]
        )
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    except Exception as error:  # both libraries raise classes of their own, derived from nothing
        msg = f"the default embedding model in {folder} does not load: {error}"
        raise ModelError(msg) from error
    tokenizer.enable_truncation(MAX_TOKENS)
    return OnnxEncoder(tokenizer=tokenizer, session=session)
