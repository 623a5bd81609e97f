"""Subtracting the mean of a text's language.

Raw vectors of multilingual-e5-small all lie in a narrow cone, and each language in a corner of
its own. The mean over a reference corpus in that language, subtracted before the row is brought
back to length one, takes both away. The means come from a stored corpus, never from the texts at
hand: a language that carries one story would lose that story, and a vector would depend on the
other texts.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from disinfo.errors import ModelError
from disinfo.model_files import model_file
from disinfo.stages import Vectors

SHIPPED = "e5-small-offline"
CORPUS_FILE = "reference_corpus.tsv"
MEANS_FILE = "reference_means.npy"
FACTS_FILE = "reference_means.json"
# Below this a row is its language's mean and has no direction left.
_NO_DIRECTION = 1e-6
# Rows in work at a time, in float64: a million of them would take 6 GB, some hundred stay in cache.
_BLOCK = 512


@dataclass(frozen=True, kw_only=True)
class ReferenceMeans:
    """The mean vector of each language.

    Parameters
    ----------
    by_language
        Mean of the unit vectors of the reference corpus by ISO 639 code, shape (d,).
    """

    by_language: Mapping[str, NDArray[np.float64]]

    def centre(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """Subtract each row's mean and bring the row back to length one.

        A language without a mean of its own, ``und`` included, uses the mean of the means.

        Parameters
        ----------
        vectors
            Unit rows, shape (n, d), float32; not changed.
        languages
            n language codes.

        Returns
        -------
        ndarray of shape (n, d), float32
            Unit rows. A row equal to its mean, which has no direction left, stays as it was.

        Examples
        --------
        >>> means = ReferenceMeans(by_language={"en": np.array([0.5, 0.0])})
        >>> means.centre(np.array([[0.5, 0.87], [0.5, -0.87]], np.float32), ["en", "und"])
        array([[ 0.,  1.],
               [ 0., -1.]], dtype=float32)
        """
        codes = sorted(self.by_language)
        table = np.array([self.by_language[code] for code in codes])
        table = np.vstack([table, table.mean(axis=0)])
        place = {code: row for row, code in enumerate(codes)}
        rows = np.array([place.get(language, len(codes)) for language in languages], np.int64)
        centred: Vectors = np.empty(vectors.shape, np.float32)
        for at in range(0, len(vectors), _BLOCK):
            span = slice(at, at + _BLOCK)
            moved = vectors[span] - table[rows[span]]
            lengths = np.sqrt((moved * moved).sum(axis=1, keepdims=True))
            lost = lengths[:, 0] < _NO_DIRECTION
            moved[lost], lengths[lost] = vectors[span][lost], 1.0
            centred[span] = moved / lengths
        return centred


def reference_corpus() -> dict[str, list[str]]:
    """Read the shipped reference corpus.

    Returns
    -------
    dict of str to list of str
        Short everyday posts by language; place i says the same in every language.

    Examples
    --------
    >>> sorted(reference_corpus())
    ['cs', 'de', 'en', 'es', 'fr', 'it', 'pl', 'pt', 'ro', 'ru', 'tr', 'uk']
    """
    path = model_file(SHIPPED, CORPUS_FILE)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    languages = [name for name in rows[0] if name not in ("topic", "post")]
    return {language: [row[language] for row in rows] for language in languages}


def compute_means(embed: Callable[[Sequence[str]], Vectors]) -> ReferenceMeans:
    """Embed the reference corpus and take each language's mean.

    Parameters
    ----------
    embed
        Gives vectors that are not centred.

    Returns
    -------
    ReferenceMeans
        One mean for each of the twelve languages.
    """
    corpus = reference_corpus()
    vectors = embed([text for texts in corpus.values() for text in texts])
    parts = np.split(vectors.astype(np.float64), len(corpus))
    return ReferenceMeans(
        by_language={
            language: part.mean(axis=0) for language, part in zip(corpus, parts, strict=True)
        }
    )


def save_means(means: ReferenceMeans, folder: Path, model_id: str) -> None:
    """Write means as a table and a file of facts that says whose they are.

    Parameters
    ----------
    means
        The means.
    folder
        Where to write.
    model_id
        The model that made the vectors.
    """
    languages = sorted(means.by_language)
    table = np.array([means.by_language[language] for language in languages], np.float32)
    np.save(folder / MEANS_FILE, table, allow_pickle=False)
    facts = {
        "model_id": model_id,
        "languages": languages,
        "texts_per_language": len(reference_corpus()[languages[0]]),
        "sha256": hashlib.sha256((folder / MEANS_FILE).read_bytes()).hexdigest(),
        "corpus_sha256": hashlib.sha256(model_file(SHIPPED, CORPUS_FILE).read_bytes()).hexdigest(),
    }
    (folder / FACTS_FILE).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


@lru_cache(maxsize=2)
def shipped_means(model_id: str, name: str = SHIPPED) -> ReferenceMeans:
    """Read the means shipped for a model.

    Parameters
    ----------
    model_id
        The model that they must belong to.
    name
        Folder of the model below ``models/``; the default model's by default.

    Returns
    -------
    ReferenceMeans
        One mean for each of the twelve languages.

    Raises
    ------
    ModelError
        When the files are damaged or belong to another model.
    """
    folder = model_file(name)
    try:
        facts = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
        raw = (folder / MEANS_FILE).read_bytes()
        table = np.load(folder / MEANS_FILE, allow_pickle=False).astype(np.float64)
        languages, owner, digest = facts["languages"], facts["model_id"], facts["sha256"]
    except (OSError, ValueError, KeyError) as error:
        msg = f"the reference means in {folder} cannot be read: {error}"
        raise ModelError(msg) from error
    if hashlib.sha256(raw).hexdigest() != digest or len(table) != len(languages):
        msg = f"the reference means in {folder} are not the ones that their checksum names"
        raise ModelError(msg)
    if owner != model_id:
        msg = f"the reference means in {folder} belong to {owner!r}, not to {model_id!r}"
        raise ModelError(msg)
    return ReferenceMeans(by_language=dict(zip(languages, table, strict=True)))
