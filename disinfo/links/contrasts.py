"""Which candidate pairs speak of one matter and yet do not carry one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.errors import SchemaError
from disinfo.links.side_by_side import Stances, ids_of, once_each
from disinfo.stages import JudgeContradiction
from disinfo.text.contraries import says_when
from disinfo.text.entities import HASHTAG
from disinfo.text.names import NameFinder, exclusive_names
from disinfo.text.normal import readable
from disinfo.text.opposition import stance


@dataclass(frozen=True, kw_only=True)
class Contrasts:
    """What separates each pair.

    Parameters
    ----------
    against
        The two say contrary things; bool of shape (m,).
    other_detail
        Alike, with another number, day or hour.
    other_numbers
        Both name numbers, and none in common.
    other_names
        Both are short and each names somebody or some place that the other does not.
    other_undated_names
        The same, where a day or a month with a capital is no name.
    doubtful
        Both are short, in one language, and one denies or cites where the other does not.
    comments
        Both are short, in one language, and one speaks about a report that the other makes.
    """

    against: NDArray[np.bool_]
    other_detail: NDArray[np.bool_]
    other_numbers: NDArray[np.bool_]
    other_names: NDArray[np.bool_]
    other_undated_names: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]
    comments: NDArray[np.bool_]


def contrasts(
    texts: pd.DataFrame,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    lexical: NDArray[np.float64],
) -> Contrasts:
    """Compare stance, numbers and names of pairs of texts.

    Parameters
    ----------
    texts
        With text and language.
    first, second
        Rows of m pairs.
    lexical
        Edit ratio of each pair, shape (m,).

    Returns
    -------
    Contrasts
        Across languages names are not compared, and of stances only refutation and contraries.
    """
    languages = texts["language"].astype(str).to_numpy()
    rows, places = np.unique(np.concatenate([first, second]), return_inverse=True)
    a, b = places[: len(first)], places[len(first) :]
    own = languages[rows].tolist()
    written = texts["text"].to_numpy()[rows].tolist()
    whole = [readable(text) for text in written]
    # Tags are slogans and are glued together from words; they name nothing reliably.
    plain = [
        readable(HASHTAG.sub(" ", text)) if "#" in text or "＃" in text else seen
        for text, seen in zip(written, whole, strict=True)
    ]
    finder = NameFinder(plain, own)
    stances = [stance(text, language) for text, language in zip(whole, own, strict=True)]
    # A long post names many things, and a rewording leaves some of them out.
    names = [
        finder.names(text, language) if cues.short else frozenset()
        for text, language, cues in zip(plain, own, stances, strict=True)
    ]
    undated = [_undated(found, language) for found, language in zip(names, own, strict=True)]
    table = Stances(stances, own)
    same = table.same_language(a, b)
    return Contrasts(
        against=table.opposed(a, b, lexical),
        other_detail=table.other_detail(a, b, lexical),
        other_numbers=table.other_numbers(a, b),
        other_names=_elsewhere(names, a, b, same),
        other_undated_names=_elsewhere(undated, a, b, same),
        doubtful=same & table.doubtful(a, b),
        comments=same & table.comments(a, b),
    )


def _elsewhere(
    names: Sequence[frozenset[str]],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    same_language: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Tell of which pairs of one language each text names what the other does not."""
    tells = np.array([bool(found) for found in names], dtype=bool)
    asked = same_language & tells[a] & tells[b]
    return once_each(ids_of(names), a, b, asked, lambda i, j: exclusive_names(names[i], names[j]))


def _undated(names: frozenset[str], language: str) -> frozenset[str]:
    """Leave out days and months, which English writes like names."""
    return frozenset(name for name in names if not says_when(name, language))


def judged(
    judge: JudgeContradiction,
    texts: pd.DataFrame,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Ask a judge about pairs and check what it says.

    Parameters
    ----------
    judge
        Gives the probability of contradiction of each pair.
    texts
        With text.
    first, second
        Rows of m pairs.

    Returns
    -------
    ndarray of shape (m,), float64
        Probabilities.

    Raises
    ------
    SchemaError
        When they are not m numbers between 0 and 1.
    """
    plain = {row: readable(texts["text"].iloc[row]) for row in np.unique([first, second]).tolist()}
    said = judge([plain[row] for row in first.tolist()], [plain[row] for row in second.tolist()])
    result = np.asarray(said, dtype=np.float64)
    if result.shape != first.shape or not ((result >= 0) & (result <= 1)).all():
        name = getattr(judge, "__name__", type(judge).__name__)
        found = f"shape {result.shape}, {result.min(initial=0)} to {result.max(initial=0)}"
        msg = (
            f"links: {name} must give one probability a pair, {len(first)} of them; it gave {found}"
        )
        raise SchemaError(msg)
    return result
