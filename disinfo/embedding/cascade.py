"""The cascade: static vectors find texts that may have a partner; the model embeds those."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from disinfo.embedding.corpus_centring import centre_by_language
from disinfo.embedding.partner_search import partner_scores, spelling_vectors
from disinfo.embedding.prepared_texts import checked, prepared
from disinfo.embedding.sentence_embedding import SentenceEmbedding
from disinfo.embedding.static_embedding import StaticEmbedding
from disinfo.errors import ParameterError
from disinfo.stages import Vectors
from disinfo.text.language import identify_readable

logger = logging.getLogger(__name__)

CASCADE = "cascade"
# Beyond, comparing every text with every other takes longer than it spares.
MAX_TEXTS = 200_000


@dataclass(frozen=True, kw_only=True)
class CascadeEmbedding:
    """Embed with the transformer only the texts that may have a partner (`Embed` stage).

    Each text is compared with all others by its static vector and its spelling. Those whose
    nearest neighbour stands out are embedded by the model, as are texts in a language that the
    static tier has no words for; the rest keep their static vectors, which lie in the same space
    and near to nothing.

    Parameters
    ----------
    floor
        Score (see `disinfo.embedding.partner_search`) from which a text is embedded by the model.
        Lower finds more and takes longer.
    static
        The static tier.
    model
        The model; its thresholds are the ones that links use.

    Raises
    ------
    ParameterError
        When a parameter is out of its range.

    Notes
    -----
    Unlike any other embedding here, whether a text goes to the model depends on the other texts:
    the vectors are for one corpus, and are not stored. Fails on a reworded or translated pair that
    shares neither words nor their translations, and spares little where most texts resemble one
    another.

    Examples
    --------
    >>> CascadeEmbedding(floor=0.4).floor
    0.4
    """

    floor: float = 0.25
    static: StaticEmbedding = field(default_factory=StaticEmbedding)
    model: SentenceEmbedding = field(default_factory=SentenceEmbedding)

    def __post_init__(self) -> None:
        if not -1 <= self.floor <= 2:
            msg = f"CascadeEmbedding: floor must be in [-1, 2], and is {self.floor}"
            raise ParameterError(msg)

    @property
    def model_id(self) -> str:
        """Identities of both tiers; vectors of another corpus must not be mixed in."""
        return f"cascade of {self.static.model_id} and {self.model.model_id}"

    @property
    def thresholds_of(self) -> str:
        """The model whose thresholds fit: vectors that come near each other are its own."""
        return self.model.model_id

    def __call__(self, texts: Sequence[str], /) -> Vectors:
        """Embed the texts of a corpus.

        Parameters
        ----------
        texts
            Texts of posts, n of them.

        Returns
        -------
        ndarray of shape (n, d), float32
            One unit row a text, in the order given.

        Raises
        ------
        InputError
            When a value is not a string.
        ModelError
            When one of the models cannot be had.
        ParameterError
            When there are more than 200,000 texts.
        """
        plain = [prepared(text) for text in checked(texts)]
        # Sorted, so that the order of the input cannot show.
        distinct = sorted(set(plain))
        row_of = {text: row for row, text in enumerate(distinct)}
        if len(distinct) > MAX_TEXTS:
            msg = (
                f"the cascade compares every text with every other, {MAX_TEXTS:,} at most, and "
                f"these are {len(distinct):,}; take embed='static'"
            )
            raise ParameterError(msg)
        vectors = self.static(distinct)
        chosen = self.chosen(distinct, vectors)
        if len(chosen):
            vectors[chosen] = self.model([distinct[row] for row in chosen.tolist()])
        logger.info("cascade: %d of %d texts embedded by the model", len(chosen), len(distinct))
        return vectors[[row_of[text] for text in plain]]

    def chosen(self, texts: Sequence[str], vectors: Vectors) -> NDArray[np.int64]:
        """Return which texts go to the model.

        Parameters
        ----------
        texts
            Distinct texts in readable form, n of them.
        vectors
            Their static vectors, shape (n, d).

        Returns
        -------
        ndarray of int64
            Rows, ascending.
        """
        if not texts:
            return np.empty(0, np.int64)
        languages = np.array(identify_readable(texts), dtype=object)
        centred = centre_by_language(vectors, languages.tolist())
        scores = partner_scores(centred, spelling_vectors(texts))
        unknown = ~np.isin(languages, self.static.languages)
        rows = np.flatnonzero((scores >= self.floor) | unknown)
        return rows.astype(np.int64)
