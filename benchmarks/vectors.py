"""The vectors that every system gets: the library's default, from its cache on disk."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from benchmarks.task import AbsentError
from disinfo.embedding import SentenceEmbedding
from disinfo.errors import ModelError
from disinfo.stages import Vectors


@lru_cache(maxsize=1)
def _stage() -> SentenceEmbedding:
    return SentenceEmbedding(progress=False)


def embed_texts(texts: Sequence[str]) -> Vectors:
    """Return unit rows, centred by the stored language means but not by the corpus.

    Raises
    ------
    AbsentError
        Where the default model cannot be had.
    """
    try:
        return _stage()(list(texts))
    except ModelError as error:
        msg = f"no default model: {error}"
        raise AbsentError(msg) from error
