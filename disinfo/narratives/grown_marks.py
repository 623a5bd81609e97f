"""New texts that follow their marks to narratives that stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.distinct import distinct
from disinfo.narratives.follow_marks import Elsewhere, follow_marks
from disinfo.narratives.linkage import IndexPairs
from disinfo.narratives.marks import carriers, marks_of_texts


@dataclass(frozen=True, kw_only=True)
class MarksBeside:
    """What texts that stand carry of the marks of new texts.

    Parameters
    ----------
    of_new
        Marks of each new text; none if not given.
    standing
        mark, narrative_id and n, the number of standing texts in that narrative that carry it.
    carrying
        Number of standing texts with any mark, by narrative_id.
    """

    of_new: Sequence[list[str]] = ()
    standing: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"mark": [], "narrative_id": [], "n": []})
    )
    carrying: pd.Series = field(default_factory=lambda: pd.Series(dtype="int64"))


def marks_beside(fresh: pd.DataFrame, old: pd.DataFrame, membership: pd.DataFrame) -> MarksBeside:
    """Count the marks of new texts among those that stand.

    Parameters
    ----------
    fresh, old
        New and standing rows of `texts`.
    membership
        The narrative of each that stands.

    Returns
    -------
    MarksBeside
        One pass over the marks that stand.

    Examples
    --------
    >>> old = pd.DataFrame({"text_id": ["t-1", "t-2"], "text": ["x #a", "y #b"]})
    >>> told = pd.DataFrame({"text_id": ["t-1", "t-2"], "narrative_id": ["n-1", "n-1"]})
    >>> found = marks_beside(pd.DataFrame({"text": ["z #a"]}), old, told)
    >>> found.standing.values.tolist(), found.carrying.to_dict()
    ([['#a', 'n-1', 1]], {'n-1': 2})
    """
    of_new = marks_of_texts(fresh)
    wanted = {mark for cell in of_new for mark in cell}
    narrative = membership.set_index("text_id")["narrative_id"].reindex(old["text_id"]).to_numpy()
    rows, codes, names = carriers(marks_of_texts(old))
    kept = names.isin(wanted)[codes] if len(names) else np.zeros(len(codes), dtype=bool)
    carried = pd.DataFrame({"mark": names[codes[kept]], "narrative_id": narrative[rows[kept]]})
    return MarksBeside(
        of_new=of_new,
        standing=carried.groupby(["mark", "narrative_id"]).size().rename("n").reset_index(),
        carrying=pd.Series(narrative[distinct(rows)]).value_counts(),
    )


def follow_beside(
    cores: NDArray[np.object_],
    beside: MarksBeside,
    apart: tuple[IndexPairs, tuple[NDArray[np.int64], NDArray[np.object_]]],
    merged: Mapping[str, str],
    inhabited: NDArray[np.object_],
) -> NDArray[np.object_]:
    """Let new texts go where their marks point.

    Parameters
    ----------
    cores
        narrative_id of each new text by its words.
    beside
        Marks of the new texts and of those that stand.
    apart
        Pairs of new texts that must not share a narrative, and new texts with a narrative_id that
        must not hold them.
    merged
        Narratives that are gone, with the one that took them in.
    inhabited
        narrative_id of the families that stand.

    Returns
    -------
    ndarray of str
        narrative_id of each new text.

    Notes
    -----
    Texts that stand stay where they are, also when new ones make a mark point elsewhere; a run
    over everything would move them.

    Examples
    --------
    >>> none = np.empty(0, dtype=np.int64)
    >>> old = pd.DataFrame({"mark": ["#a", "#b"], "narrative_id": ["n-1", "n-2"], "n": [8, 8]})
    >>> beside = MarksBeside(
    ...     of_new=[["#a"]], standing=old, carrying=old.set_index("narrative_id")["n"])
    >>> follow_beside(np.array(["n-3"], dtype=object), beside, ((none, none), (none, none)), {},
    ...     np.array(["n-1", "n-2"], dtype=object)).tolist()
    ['n-1']
    """
    from scipy.sparse import csr_array

    rows, codes, names = carriers(beside.of_new)
    if not len(rows):
        return cores
    standing = beside.standing[beside.standing["mark"].isin(names)]
    there = standing["narrative_id"].replace(dict(merged))
    carrying = beside.carrying.rename(dict(merged)).groupby(level=0).sum()
    known = pd.Index(sorted({*cores, *there, *carrying.index, *inhabited, *apart[1][1]}))
    counts = csr_array(
        (
            standing["n"].to_numpy(dtype=np.float64),
            (names.get_indexer(standing["mark"]), known.get_indexer(there)),
        ),
        shape=(len(names), len(known)),
    )
    counts.sum_duplicates()
    lived_in = np.zeros(len(known), dtype=bool)
    lived_in[known.get_indexer(inhabited)] = True
    followed = follow_marks(
        known.get_indexer(cores),
        (rows, codes),
        (apart[0], (apart[1][0], known.get_indexer(apart[1][1]))),
        Elsewhere(
            counts=counts,
            carrying=carrying.reindex(known).fillna(0).to_numpy(dtype=np.float64),
            inhabited=lived_in,
        ),
    )
    told: NDArray[np.object_] = known.to_numpy(dtype=object)[followed.narratives]
    return told
