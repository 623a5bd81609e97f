"""Naming an embedding: the default, the static tier, one that size decides, or any model."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from disinfo.embedding.cascade import CASCADE, CascadeEmbedding
from disinfo.embedding.sentence_embedding import DEFAULT, SentenceEmbedding
from disinfo.embedding.static_embedding import STATIC, StaticEmbedding
from disinfo.errors import ParameterError
from disinfo.stages import Embed, Vectors

logger = logging.getLogger(__name__)

AUTO = "auto"


@dataclass(frozen=True, kw_only=True)
class EmbeddingBySize:
    """Choose the embedding by the number of texts (``embed="auto"``).

    Parameters
    ----------
    large
        From so many distinct texts on, the static tier is taken; below, the default model.

    Raises
    ------
    ParameterError
        When a parameter is out of its range.

    Notes
    -----
    `detect` takes the choice once, for the whole corpus, and the manifest names it. Fails to
    notice that a small corpus is one of many that are to be compared: name a tier then.

    Examples
    --------
    >>> EmbeddingBySize(large=1000).chosen(10).model
    'default'
    """

    large: int = 500_000

    def __post_init__(self) -> None:
        if self.large < 0:
            msg = f"EmbeddingBySize: large must not be negative, and is {self.large}"
            raise ParameterError(msg)

    def chosen(self, n_texts: int) -> SentenceEmbedding | StaticEmbedding:
        """Return the embedding for a corpus of a size, and log what it is.

        Parameters
        ----------
        n_texts
            Distinct texts.

        Returns
        -------
        SentenceEmbedding or StaticEmbedding
            A stage.
        """
        static = n_texts >= self.large
        logger.info(
            "embed='auto': %s texts, so the %s", f"{n_texts:,}", STATIC if static else DEFAULT
        )
        return StaticEmbedding() if static else SentenceEmbedding()

    def __call__(self, texts: Sequence[str], /) -> Vectors:
        """Embed texts with what their number chooses; see the chosen stage.

        Parameters
        ----------
        texts
            Texts of posts, n of them.

        Returns
        -------
        ndarray of shape (n, d), float32
            One unit row a text, in the order given.
        """
        return self.chosen(len(texts))(texts)


def make_embedding(name: str, *, progress: bool | None = None) -> Embed:
    """Return the stage of a name.

    Parameters
    ----------
    name
        ``"default"``, ``"static"``, ``"cascade"``, ``"auto"`` (by the number of texts), or a
        sentence-transformers folder or name of the hub.
    progress
        Show a bar; None shows one in a terminal.

    Returns
    -------
    Embed
        A stage; nothing is loaded yet.

    Raises
    ------
    ParameterError
        When the name is empty.

    Examples
    --------
    >>> make_embedding("static")
    StaticEmbedding(folder=None, centre=True)
    """
    if name == STATIC:
        return StaticEmbedding()
    if name == CASCADE:
        return CascadeEmbedding(model=SentenceEmbedding(progress=progress))
    if name == AUTO:
        return EmbeddingBySize()
    return SentenceEmbedding(model=name, progress=progress)


def embed(texts: Sequence[str], *, model: str = DEFAULT, progress: bool | None = None) -> Vectors:
    """Embed texts with everything else left at its default.

    Parameters
    ----------
    texts
        Texts of posts, n of them.
    model
        ``"default"``, ``"static"``, a sentence-transformers folder, or the name of a model of the
        hub.
    progress
        Show a bar; None shows one in a terminal.

    Returns
    -------
    ndarray of shape (n, d), float32
        One unit row a text, in the order given; d is 384 for the default and the static model.

    Raises
    ------
    InputError
        When a value is not a string.
    ModelError
        When the model cannot be built or loaded.

    See Also
    --------
    SentenceEmbedding : the stage, with all parameters and what it fails on.
    StaticEmbedding : the static tier.

    Examples
    --------
    >>> embed(["The bridge is closed", "Der Steg ist gesperrt"]).shape
    (2, 384)
    """
    return make_embedding(model, progress=progress)(texts)
