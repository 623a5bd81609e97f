"""Which candidate pairs speak of one matter and yet do not carry one message."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.errors import SchemaError
from disinfo.stages import JudgeContradiction
from disinfo.text.contraries import says_when
from disinfo.text.entities import HASHTAG
from disinfo.text.names import NameFinder, exclusive_names
from disinfo.text.normal import readable
from disinfo.text.opposition import doubtful, opposed, other_detail, other_numbers, stance


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
    """

    against: NDArray[np.bool_]
    other_detail: NDArray[np.bool_]
    other_numbers: NDArray[np.bool_]
    other_names: NDArray[np.bool_]
    other_undated_names: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]


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
    rows = np.unique(np.concatenate([first, second])).tolist()
    written = texts["text"].tolist()
    whole = {row: readable(written[row]) for row in rows}
    # Tags are slogans and are glued together from words; they name nothing reliably.
    plain = {
        row: readable(HASHTAG.sub(" ", written[row]))
        if "#" in written[row] or "＃" in written[row]
        else whole[row]
        for row in rows
    }
    finder = NameFinder(plain.values(), [languages[row] for row in rows])
    stances = {row: stance(whole[row], languages[row]) for row in rows}
    # A long post names many things, and a rewording leaves some of them out.
    short = {row: cues.short for row, cues in stances.items()}
    names = {row: finder.names(plain[row], languages[row]) for row in rows if short[row]}
    undated = {row: _undated(found, languages[row]) for row, found in names.items()}
    pairs = list(zip(first.tolist(), second.tolist(), strict=True))
    same = languages[first] == languages[second]
    against, changed = (
        [
            tell(stances[a], stances[b], same_language=bool(one), lexical_similarity=ratio)
            for (a, b), one, ratio in zip(pairs, same, lexical, strict=True)
        ]
        for tell in (opposed, other_detail)
    )
    elsewhere, undated_elsewhere = (
        [
            one and short[a] and short[b] and exclusive_names(named[a], named[b])
            for (a, b), one in zip(pairs, same.tolist(), strict=True)
        ]
        for named in (names, undated)
    )
    return Contrasts(
        against=np.array(against, dtype=bool),
        other_detail=np.array(changed, dtype=bool),
        other_numbers=np.array([other_numbers(stances[a], stances[b]) for a, b in pairs], bool),
        other_names=np.array(elsewhere, dtype=bool),
        other_undated_names=np.array(undated_elsewhere, dtype=bool),
        doubtful=same & np.array([doubtful(stances[a], stances[b]) for a, b in pairs], bool),
    )


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
