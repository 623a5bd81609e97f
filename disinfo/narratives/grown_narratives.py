"""Where grown families belong: narratives that take them in, merge and split, and their topics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.distinct import distinct
from disinfo.narratives.linkage import Labels, average_linkage
from disinfo.narratives.standing import Events, Standing, Sums, group_sums, mint, units
from disinfo.neighbours import pairs_above, pairs_between

_MAX_PROPOSALS = 50
# A narrative is split only when its parts are clearly below the floor at which they would merge:
# otherwise ids would change back and forth as the mean moves about the floor.
_SPLIT_BELOW = 0.8
# A part smaller than this share of the narrative's families stays with it.
_SPLIT_SHARE = 0.2


def place_families(
    grown: Standing,
    changed: set[int],
    floor: float,
    events: Events,
) -> tuple[NDArray[np.object_], set[int]]:
    """Let families without a narrative join one or found their own.

    Parameters
    ----------
    grown
        The families.
    changed
        Rows of families that new texts have joined or founded.
    floor
        Lowest mean cosine of two narratives that are one.
    events
        Where to record births and merges.

    Returns
    -------
    ids : ndarray of str
        narrative_id of each family; still missing where it was and nothing has changed.
    merged : set of int
        Rows of families whose narrative was merged into another.
    """
    families = grown.families
    counts = families["n_texts"].to_numpy()
    placed = families["narrative_id"].notna().to_numpy()
    old = np.flatnonzero(placed)
    fresh_rows = np.array(sorted(row for row in changed if not placed[row]), dtype=np.int64)
    names = pd.Index(families["narrative_id"].iloc[old].unique())
    code = np.full(len(families), -1, dtype=np.int64)
    code[old] = names.get_indexer(families["narrative_id"].iloc[old])
    sums = group_sums(grown.sums, code, len(names))
    weight = np.bincount(code[old], weights=counts[old], minlength=len(names)).astype(np.int64)
    new = units(grown.sums[fresh_rows])
    asked, known = pairs_between(new, units(sums), floor, max_neighbours=_MAX_PROPOSALS)
    moved = np.array(sorted({int(code[row]) for row in changed if placed[row]}), dtype=np.int64)
    # A narrative that has moved may have come near to one that has not.
    beside = pairs_between(units(sums[moved]), units(sums), floor, max_neighbours=_MAX_PROPOSALS)[1]
    active = distinct(known, moved, beside)
    close = pairs_above(units(sums[active]), floor, max_neighbours=_MAX_PROPOSALS)
    fresh = pairs_above(new, floor, max_neighbours=_MAX_PROPOSALS)
    k = len(active)
    near = (
        np.concatenate([k + asked, close.first, k + fresh.first]),
        np.concatenate([np.searchsorted(active, known), close.second, k + fresh.second]),
    )
    place = np.full(len(names), -1, dtype=np.int64)
    place[active] = np.arange(k)
    item = np.full(len(families), -1, dtype=np.int64)
    item[old] = place[code[old]]
    item[fresh_rows] = k + np.arange(len(new))
    apart = item[grown.apart[0]], item[grown.apart[1]]
    kept = (apart[0] >= 0) & (apart[1] >= 0) & (apart[0] != apart[1])
    labels = average_linkage(
        np.vstack([sums[active], grown.sums[fresh_rows]]),
        near,
        (apart[0][kept], apart[1][kept]),
        floor=floor,
        sizes=np.concatenate([weight[active], counts[fresh_rows]]),
    )
    return _named(families, fresh_rows, (names, code, active, weight), labels, events)


def _named(
    families: pd.DataFrame,
    fresh_rows: Labels,
    standing: tuple[pd.Index, Labels, Labels, Labels],
    labels: Labels,
    events: Events,
) -> tuple[NDArray[np.object_], set[int]]:
    """Give each cluster the id of the biggest narrative in it, or a new one."""
    names, code, active, weight = standing
    k = len(active)
    taken = set(names)
    out = families["narrative_id"].to_numpy(dtype=object).copy()
    merged: set[int] = set()
    first = families["first_text"].to_numpy()
    present = np.unique(labels).tolist()
    for rows in _rows_of(labels, present):
        olds, news = active[rows[rows < k]], fresh_rows[rows[rows >= k] - k]
        if len(olds):
            ranked = sorted(olds.tolist(), key=lambda row: (-weight[row], names[row]))
            own = str(names[ranked[0]])
            for row in ranked[1:]:
                events.append(("merge", str(names[row]), own))
                gone = np.flatnonzero(code == row)
                out[gone] = own
                merged.update(gone.tolist())
        else:
            own = mint("n", min(first[news]), taken)
            events.append(("birth", None, own))
        out[news] = own
    return out, merged


def split_apart(
    grown: Standing,
    narratives: NDArray[np.object_],
    changed: set[int],
    floor: float,
    events: Events,
) -> NDArray[np.object_]:
    """Split changed narratives whose families have drifted apart.

    Parameters
    ----------
    grown
        The families.
    narratives
        narrative_id of each.
    changed
        Rows of families whose narrative is looked at.
    floor
        Lowest mean cosine of two narratives that are one.
    events
        Where to record splits.

    Returns
    -------
    ndarray of str
        narrative_id of each family; the part with most families keeps the id.
    """
    out = narratives.copy()
    taken = set(narratives[~pd.isna(narratives)])
    counts = grown.families["n_texts"].to_numpy()
    born = {new for event, _, new in events if event == "birth"}
    looked_at = sorted({narratives[row] for row in changed} - born)
    for name, rows in zip(looked_at, _rows_of(narratives, looked_at), strict=True):
        if len(rows) < 2 / _SPLIT_SHARE:
            continue
        sums, weight = grown.sums[rows], counts[rows]
        near = pairs_above(units(sums), floor, max_neighbours=_MAX_PROPOSALS)
        none = np.empty(0, dtype=np.int64)
        labels = average_linkage(
            sums, (near.first, near.second), (none, none), floor=floor, sizes=weight
        )
        sizes = pd.Series(labels).value_counts()
        main = rows[labels == min(sizes.index[sizes == sizes.max()])]
        for label in sorted(sizes.index[sizes >= _SPLIT_SHARE * len(rows)]):
            part = rows[labels == label]
            if part[0] == main[0]:
                continue
            between = grown.sums[main].sum(axis=0) @ grown.sums[part].sum(axis=0)
            if between / (counts[main].sum() * counts[part].sum()) < _SPLIT_BELOW * floor:
                ids = grown.families["family_id"].iloc[part]
                own = mint("n", f"split {name} {min(ids)}", taken)
                events.append(("split", str(name), own))
                out[part] = own
    return out


def _rows_of(values: NDArray[Any], wanted: Sequence[Any]) -> list[Labels]:
    """Return the rows of each wanted value, ascending; one pass, however many are wanted."""
    code = pd.Index(wanted).get_indexer(pd.Index(values))
    rows = np.flatnonzero(code >= 0)
    rows = rows[np.argsort(code[rows], kind="stable")]
    found: list[Labels] = np.split(rows, np.cumsum(np.bincount(code[rows], minlength=len(wanted))))
    return found[: len(wanted)]


def place_narratives(sums: Sums, families: pd.DataFrame, floor: float) -> NDArray[np.object_]:
    """Keep each narrative's topic; let those without one join a topic or found one.

    Parameters
    ----------
    sums
        Vector sums of the families, shape (n, d).
    families
        Their narrative_id, n_texts and topic_id, the last missing where there is none yet; without
        a narrative there is no topic.
    floor
        Lowest mean cosine of two topics that are one.

    Returns
    -------
    ndarray of str
        topic_id of each family.
    """
    told = families["narrative_id"].notna().to_numpy()
    names = pd.Index(families["narrative_id"][told].unique())
    code = names.get_indexer(families["narrative_id"])
    code[~told] = -1
    centre = group_sums(sums, code, len(names))
    own = families[told].dropna(subset=["topic_id"]).drop_duplicates("narrative_id")
    topic = pd.Series(own["topic_id"].to_numpy(), index=own["narrative_id"]).reindex(names)
    new = np.flatnonzero(topic.isna().to_numpy())
    known = pd.Index(sorted(set(topic.dropna())))
    member = known.get_indexer(topic)
    old = member >= 0
    totals = group_sums(centre, member, len(known))
    n_texts = np.bincount(code[told], weights=families["n_texts"][told]).astype(np.int64)
    fresh = units(centre[new])
    asked, to = pairs_between(fresh, units(totals), floor, max_neighbours=_MAX_PROPOSALS)
    close = pairs_above(fresh, floor, max_neighbours=_MAX_PROPOSALS)
    standing = np.bincount(member[old], weights=n_texts[old], minlength=len(known))
    standing = standing.astype(np.int64)
    k, none = len(known), np.empty(0, dtype=np.int64)
    labels = average_linkage(
        np.vstack([totals, centre[new]]),
        (np.concatenate([k + asked, k + close.first]), np.concatenate([to, k + close.second])),
        (none, none),
        floor=floor,
        sizes=np.concatenate([standing, n_texts[new]]),
        n_standing=k,
    )
    named: dict[int, str] = {row: str(name) for row, name in enumerate(known)}
    taken, found = set(known), topic.to_numpy(dtype=object).copy()
    for row, label in zip(new.tolist(), labels[k:].tolist(), strict=True):
        if label not in named:
            named[label] = mint("o", str(names[row]), taken)
        found[row] = named[label]
    result = np.full(len(families), None, dtype=object)
    result[told] = found[code[told]]
    return result
