"""Embedding in parts, for engines that have several workers: the vector of a text is its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from disinfo.engines import Engine
from disinfo.stages import Embed, Vectors, check_embeddings

if TYPE_CHECKING:
    import pyarrow as pa

# At most so many texts a part: a minute's work of one core with the default model.
_MOST_TEXTS = 8_192
_PARTS_A_WORKER = 4


@dataclass(frozen=True, kw_only=True)
class EmbedPart:
    """The kernel: a column ``text`` to a column ``vector`` of unit vectors.

    Parameters
    ----------
    embed
        The stage.
    """

    embed: Embed

    def __call__(self, part: pa.Table) -> pa.Table:
        """Embed a part.

        Parameters
        ----------
        part
            A column ``text``.

        Returns
        -------
        pyarrow.Table
            A column ``vector``, lists of float32 of one length.
        """
        import pyarrow as pa

        texts = part.column("text").to_pylist()
        vectors = check_embeddings(self.embed(texts), len(texts))
        values = pa.array(np.ascontiguousarray(vectors).reshape(-1))
        return pa.table({"vector": pa.FixedSizeListArray.from_arrays(values, vectors.shape[1])})


def embed_in_parts(embed: Embed, texts: Sequence[str], engine: Engine) -> Vectors:
    """Embed texts on an engine.

    Parameters
    ----------
    embed
        The stage.
    texts
        Texts, n of them, at least one.
    engine
        Where to; one worker is given all texts at once.

    Returns
    -------
    ndarray of shape (n, d), float32
        One unit row a text, in their order; the same on every engine.

    Examples
    --------
    >>> from disinfo.engines import Local
    >>> def flat(texts):
    ...     return np.full((len(texts), 4), 0.5, dtype=np.float32)
    >>> embed_in_parts(flat, ["a", "b"], Local()).shape
    (2, 4)
    """
    if engine.n_workers == 1:
        return check_embeddings(embed(texts), len(texts))
    import pyarrow as pa

    size = min(_MOST_TEXTS, -(-len(texts) // (_PARTS_A_WORKER * engine.n_workers)))
    table = pa.table({"text": pa.array(texts, type=pa.large_string())})
    parts = [table.slice(begin, size) for begin in range(0, len(texts), size)]
    found = engine.map(EmbedPart(embed=embed), parts)
    rows = [part.column("vector").combine_chunks().flatten().to_numpy() for part in found]
    vectors: Vectors = np.concatenate(rows).reshape(len(texts), -1)
    return vectors
