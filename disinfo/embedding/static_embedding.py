"""The static tier: texts to unit vectors by word vectors alone, without a transformer."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from disinfo.embedding.centring import ReferenceMeans, compute_means, shipped_means
from disinfo.embedding.prepared_texts import checked, prepared
from disinfo.embedding.static_encoder import StaticEncoder
from disinfo.embedding.static_table import SHIPPED, open_table
from disinfo.errors import ModelError, ParameterError
from disinfo.stages import Vectors
from disinfo.text.language import identify_readable

logger = logging.getLogger(__name__)

STATIC = "static"
# Texts in work at a time: beside the vectors that are returned, memory does not grow with texts.
_CHUNK = 8_192


@dataclass(frozen=True, kw_only=True)
class StaticEmbedding:
    """Embed texts by looking their words up in a multilingual table (`Embed` stage).

    The table is distilled from the default model, word by word, once on this machine
    (``disinfo models build static``). It knows en pl uk ru de cs fr es it pt ro tr.

    Parameters
    ----------
    folder
        A built table; None is the one in the user's cache.
    centre
        Subtract the mean of each text's language.

    Raises
    ------
    ParameterError
        When a parameter is out of its range.

    Notes
    -----
    Many times as fast as the default model, and the vector of a text depends
    on that text alone. Fails where word order or context carries the meaning, on languages
    without a table (their texts are compared by spelling), and on short posts of common words.

    References
    ----------
    Arora, Liang, Ma 2017, A simple but tough-to-beat baseline for sentence embeddings.

    Examples
    --------
    >>> embed = StaticEmbedding()
    >>> vectors = embed(["Good morning!", "Dzień dobry!"])  # doctest: +SKIP
    >>> vectors.shape  # doctest: +SKIP
    (2, 384)
    """

    folder: str | Path | None = None
    centre: bool = True

    def __post_init__(self) -> None:
        if self.folder is not None and not str(self.folder):
            msg = "StaticEmbedding: folder must be a path or None, and is empty"
            raise ParameterError(msg)

    @property
    def model_id(self) -> str:
        """Name, identity and precision of the table; vectors of two ids must never be mixed."""
        return self._encoder().table.model_id

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._encoder().table.width

    @property
    def languages(self) -> tuple[str, ...]:
        """ISO 639-1 codes of the languages that have words."""
        return self._encoder().table.languages

    def __call__(self, texts: Sequence[str], /) -> Vectors:
        """Embed texts.

        Parameters
        ----------
        texts
            Texts of posts, n of them; an empty one gets a vector as well, always the same.

        Returns
        -------
        ndarray of shape (n, d), float32
            One unit row a text, in the order given; d is 384.

        Raises
        ------
        InputError
            When a value is not a string.
        ModelError
            When the table is not built, half built or damaged.
        """
        listed = checked(texts)
        encoder = self._encoder()
        means = self._means() if self.centre else None
        vectors = np.empty((len(listed), encoder.table.width), np.float32)
        for at in range(0, len(listed), _CHUNK):
            plain = [prepared(text) for text in listed[at : at + _CHUNK]]
            languages = identify_readable(plain)
            part = encoder(plain, languages)
            vectors[at : at + len(plain)] = part if means is None else means.centre(part, languages)
        return vectors

    def _encoder(self) -> StaticEncoder:
        folder = None if self.folder is None else Path(self.folder).expanduser()
        return StaticEncoder(table=open_table(folder))

    def _means(self) -> ReferenceMeans:
        try:
            return shipped_means(self.model_id, SHIPPED)
        except ModelError:  # a table of other words than the shipped means were made with
            return _own_means(self.folder, self.model_id)


@lru_cache(maxsize=2)
def _own_means(folder: str | Path | None, model_id: str) -> ReferenceMeans:
    """Compute a table's means from the shipped corpus; `model_id` is part of the key."""
    logger.info("%s: computing the mean of each language from the reference corpus", model_id)
    return compute_means(StaticEmbedding(folder=folder, centre=False))
