"""Texts to unit vectors: the embedding stage."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from tqdm.auto import tqdm

from disinfo.embedding.centring import ReferenceMeans, compute_means, shipped_means
from disinfo.embedding.hub_encoder import load_hub_encoder, own_prompt, revision
from disinfo.embedding.offline_build import BUILD, PROMPT, default_model_folder
from disinfo.embedding.onnx_encoder import available_cores, load_onnx_encoder
from disinfo.embedding.package_weights import SHA256
from disinfo.embedding.prepared_texts import checked, prepared
from disinfo.embedding.user_cache import user_cache
from disinfo.embedding.vector_cache import Keys, VectorCache
from disinfo.errors import ParameterError, raise_all
from disinfo.stages import Vectors
from disinfo.text.language import identify_readable

logger = logging.getLogger(__name__)

DEFAULT = "default"
# Whether the model is the default one, to tokens in a batch.
_BATCH_TOKENS = {True: 256, False: 2_048}
# Texts between two writes to the cache: what a stopped run loses at most.
_CHUNK = 4_096
_DIMENSIONS = 384


class _Encode(Protocol):
    def __call__(self, texts: Sequence[str], *, batch_tokens: int, threads: int) -> Vectors: ...


@dataclass(frozen=True, kw_only=True)
class SentenceEmbedding:
    """Embed texts with a sentence-transformers model, one unit vector a text.

    A text is first brought into the form that a person reads (`disinfo.text.normal.readable`):
    addresses and invisible characters must not move a vector. Each different text is embedded
    once and kept on disk; a call in which all texts are known loads no model.

    Parameters
    ----------
    model
        ``"default"`` is multilingual-e5-small, rebuilt once on this machine from a pinned package
        and run as int8 without torch. Else a sentence-transformers folder, or the name of a model
        of the hub, which is the one case in which the network is used.
    prompt
        Put before each text; None takes the model's own.
    batch_tokens
        Tokens that are run at once; None takes 256 for the default model, which is the fastest on
        a processor, and 2,048 for others.
    cache_dir
        Folder for the vectors; None is the user's cache folder (``$DISINFO_CACHE`` moves it),
        False or "" keeps nothing. One model's vectors take 4 GiB there at most.
    threads
        Batches run at a time (default model only); None is one a processor. The result does not
        depend on it.
    progress
        Show a bar; None shows one in a terminal.
    centre
        Subtract the mean of each text's language. Without it, cosines of unrelated posts are
        about .8 with the default model, and no threshold of this library fits.

    Raises
    ------
    ParameterError
        When a parameter is out of its range.

    Notes
    -----
    With the default model the vector of a text depends on that text alone, bit for bit on one
    type of machine. Other models pad their batches and may differ in the last bits. The thresholds
    of this library are calibrated for the default model alone (`calibrated` says so).

    Fails on what cosine cannot see: "is planning" and "is not planning" lie close together. What
    follows the 512th token, or the 8,192nd character, is not read. Twelve languages have a mean
    of their own; the others use the mean of these means, which separates them less well.

    References
    ----------
    Wang et al. 2024, Multilingual E5 Text Embeddings, arXiv 2402.05672.

    Examples
    --------
    >>> embed = SentenceEmbedding()
    >>> vectors = embed(["Good morning!", "Dzień dobry!", "The pump is broken"])
    >>> vectors.shape, bool(vectors[0] @ vectors[1] > vectors[0] @ vectors[2])
    ((3, 384), True)
    """

    model: str = DEFAULT
    prompt: str | None = None
    batch_tokens: int | None = None
    cache_dir: str | Path | bool | None = None
    threads: int | None = None
    progress: bool | None = None
    centre: bool = True

    def __post_init__(self) -> None:
        problems = []
        if not self.model:
            problems.append("model must be 'default', a path or a name, and is empty")
        if self.batch_tokens is not None and self.batch_tokens < 1:
            problems.append(f"batch_tokens must be at least 1 or None, not {self.batch_tokens}")
        if self.threads is not None and self.threads < 1:
            problems.append(f"threads must be at least 1 or None, not {self.threads}")
        if self.cache_dir is True:
            problems.append("cache_dir must be a folder, None or False, not True")
        raise_all(problems, ParameterError, "SentenceEmbedding")

    @property
    def model_id(self) -> str:
        """Name, revision and precision of the model; vectors of two ids must never be mixed."""
        if self.model == DEFAULT:
            return f"multilingual-e5-small@{SHA256[:12]}/int8-rows-{BUILD}"
        found = revision(self.model)
        if found is None:
            load_hub_encoder(self.model)
            found = revision(self.model) or "unknown"
        return f"{self.model}@{found}/float32"

    @property
    def calibrated(self) -> bool:
        """Whether the thresholds of this library were set on vectors of this kind."""
        return self.model == DEFAULT and self.centre and self.prompt in (None, PROMPT)

    def __call__(self, texts: Sequence[str], /) -> Vectors:
        """Embed texts.

        Parameters
        ----------
        texts
            Texts of posts, n of them; an empty one gets a vector as well, always the same.

        Returns
        -------
        ndarray of shape (n, d), float32
            One unit row a text, in the order given.

        Raises
        ------
        InputError
            When a value is not a string.
        ModelError
            When the model cannot be built or loaded.
        """
        plain = [prepared(text) for text in checked(texts)]
        row_of = {text: row for row, text in enumerate(dict.fromkeys(plain))}
        if not row_of:
            return np.empty((0, _DIMENSIONS), np.float32)
        distinct = list(row_of)
        vectors = self._raw(distinct)
        if self.centre:
            vectors = self._means().centre(vectors, identify_readable(distinct))
        return vectors[[row_of[text] for text in plain]]

    def _means(self) -> ReferenceMeans:
        if self.model == DEFAULT and self.prompt in (None, PROMPT):
            return shipped_means(self.model_id)
        return _own_means(self.model, self.prompt, self.cache_dir, self.model_id)

    def _raw(self, distinct: Sequence[str]) -> Vectors:
        """Return vectors that are not centred, from the cache where it has them."""
        cache = self._cache()
        if cache is None:
            return self._encode(distinct)
        # None stands for the model's own prompt, which its revision fixes.
        prompt = PROMPT if self.model == DEFAULT and self.prompt is None else self.prompt
        keys = cache.keys([f"{prompt}\x1f{text}" for text in distinct])
        found, vectors = cache.load(keys)
        missing = np.flatnonzero(~found)
        if len(missing):
            new = self._encode([distinct[row] for row in missing.tolist()], cache, keys[missing])
            if not found.any():
                return new
            vectors[missing] = new
        return vectors

    def _cache(self) -> VectorCache | None:
        if self.cache_dir is False or self.cache_dir == "":
            return None
        folder = user_cache() if self.cache_dir is None else Path(str(self.cache_dir))
        return VectorCache(folder=folder / "vectors", model_id=self.model_id)

    def _encode(
        self, texts: Sequence[str], cache: VectorCache | None = None, keys: Keys | None = None
    ) -> Vectors:
        """Run the model over texts, storing every chunk as it comes."""
        encode, prompt = self._encoder()
        threads = self.threads or available_cores()
        batch_tokens = self.batch_tokens or _BATCH_TOKENS[self.model == DEFAULT]
        parts = []
        hidden = None if self.progress is None else not self.progress
        with tqdm(total=len(texts), desc="embedding", unit=" texts", disable=hidden) as bar:
            for at in range(0, len(texts), _CHUNK):
                chunk = [prompt + text for text in texts[at : at + _CHUNK]]
                part = encode(chunk, batch_tokens=batch_tokens, threads=threads)
                if cache is not None and keys is not None:
                    cache.store(keys[at : at + _CHUNK], part)
                parts.append(part)
                bar.update(len(chunk))
        return np.concatenate(parts)

    def _encoder(self) -> tuple[_Encode, str]:
        """Return the loaded model and the prompt to put before each text."""
        if self.model == DEFAULT:
            return load_onnx_encoder(default_model_folder()), (
                PROMPT if self.prompt is None else self.prompt
            )
        encoder = load_hub_encoder(self.model)
        return encoder, own_prompt(self.model, encoder) if self.prompt is None else self.prompt


@lru_cache(maxsize=4)
def _own_means(
    model: str, prompt: str | None, cache_dir: str | Path | bool | None, model_id: str
) -> ReferenceMeans:
    """Compute the means of a model from the shipped corpus; `model_id` is part of the key."""
    logger.info("%s: computing the mean of each language from the reference corpus", model_id)
    raw = SentenceEmbedding(
        model=model, prompt=prompt, cache_dir=cache_dir, centre=False, progress=False
    )
    return compute_means(raw)
