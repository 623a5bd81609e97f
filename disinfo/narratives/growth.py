"""Families, narratives and topics that grow: new texts beside what stands.

The same average linkage as in `disinfo.narratives.group_narratives`, started from the clusters that
stand instead of from single texts. A cluster is known by the sum of its unit vectors and their
number, so no old text has to be looked at. Standing families and standing topics never merge;
standing narratives do when new families bring them together, and they split when what is in them
has drifted apart. Ids are minted at birth and stay. Narratives are their families, whose words say
what they tell; texts that are elsewhere by their links and tags have no part in what merges or
splits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.distinct import distinct
from disinfo.narratives.grown_marks import MarksBeside, follow_beside
from disinfo.narratives.grown_narratives import place_families, place_narratives, split_apart
from disinfo.narratives.linkage import IndexPairs, Labels, average_linkage
from disinfo.narratives.standing import Events, Floors, Standing, group_sums, mint, units
from disinfo.neighbours import pairs_above, pairs_between
from disinfo.stages import Vectors
from disinfo.tables import APART_KINDS, OTHER_STORY_KINDS

_MAX_PROPOSALS = 50


@dataclass(frozen=True, kw_only=True)
class Growth:
    """What became of it.

    Parameters
    ----------
    standing
        The families afterwards, old ones first.
    family_of, narrative_of
        family_id and narrative_id of each new text.
    by_words
        Whether it is in that narrative by its words, not by its marks.
    touched
        Narratives that have changed: grown, born, merged or split.
    topic_floor
        The floor of topics, kept for the next time.
    events
        event (birth, merge, split), old_id and new_id of narratives.
    """

    standing: Standing
    family_of: NDArray[np.object_]
    narrative_of: NDArray[np.object_]
    by_words: NDArray[np.bool_]
    touched: frozenset[str]
    events: pd.DataFrame
    topic_floor: float


def grow(
    standing: Standing,
    text_ids: Sequence[str],
    vectors: Vectors,
    links: tuple[pd.DataFrame, pd.DataFrame],
    floors: Floors,
    marks: MarksBeside | None = None,
) -> Growth:
    """Place new texts.

    Parameters
    ----------
    standing
        What stands.
    text_ids
        Ids of the new texts, sorted.
    vectors
        Their unit rows, in the space of the sums.
    links
        `links` among the new texts, and links of new texts (text_a) to standing families (text_b
        is a family_id), with their kinds.
    floors
        The floors of the stage that made what stands.
    marks
        Links and tags of the new texts beside those that stand; without them words alone count.

    Returns
    -------
    Growth
        The families, narratives and topics afterwards.

    Notes
    -----
    Fails to bring together two standing families that turn out to be one message, and to undo an
    early merge whose halves are not far enough apart; a run over everything does both.
    """
    grown = _families(standing, text_ids, vectors, links, floors.family)
    events: Events = []
    changed = _changed_rows(grown)
    narratives, merged = place_families(grown.standing, changed, floors.narrative, events)
    narratives = split_apart(grown.standing, narratives, changed | merged, floors.narrative, events)
    families = grown.standing.families.assign(narrative_id=narratives)
    told = families.set_index("family_id")["narrative_id"].loc[grown.family_of].to_numpy()
    told = told.astype(object)
    if marks is not None and len(text_ids):
        apart = _apart(families, pd.Index(text_ids), links)
        gone = {str(old): new for event, old, new in events if event == "merge"}
        stands = standing.families["narrative_id"].dropna().replace(gone).to_numpy(dtype=object)
        moved_to = follow_beside(told, marks, apart, gone, stands)
        families, events = _without_deserted(families, told, moved_to, events)
    else:
        moved_to = told
    families = families.assign(
        topic_id=place_narratives(grown.standing.sums, families, floors.topic)
    )
    named = {new for _, _, new in events} | {old for _, old, _ in events if old}
    touched = named | set(families.loc[sorted(changed), "narrative_id"].dropna()) | set(moved_to)
    listed = pd.DataFrame(events, columns=["event", "old_id", "new_id"])
    return Growth(
        standing=Standing(families=families, sums=grown.standing.sums, apart=grown.standing.apart),
        family_of=grown.family_of,
        narrative_of=moved_to,
        by_words=moved_to == told,
        touched=frozenset(touched),
        topic_floor=floors.topic,
        events=listed.sort_values(["event", "new_id", "old_id"], ignore_index=True),
    )


def _apart(
    families: pd.DataFrame, ids: pd.Index, links: tuple[pd.DataFrame, pd.DataFrame]
) -> tuple[IndexPairs, tuple[Labels, NDArray[np.object_]]]:
    """Return opposed pairs of new texts, and new texts with the narratives opposed to them."""
    among, to_old = (table[table["kind"].isin(OTHER_STORY_KINDS)] for table in links)
    narrative = families.set_index("family_id")["narrative_id"].reindex(to_old["text_b"])
    known = narrative.notna().to_numpy()
    return (
        (ids.get_indexer(among["text_a"]), ids.get_indexer(among["text_b"])),
        (
            ids.get_indexer(to_old["text_a"])[known],
            narrative.to_numpy(dtype=object)[known],
        ),
    )


def _without_deserted(
    families: pd.DataFrame,
    cores: NDArray[np.object_],
    told: NDArray[np.object_],
    events: Events,
) -> tuple[pd.DataFrame, Events]:
    """Forget narratives that were born of texts which have all gone elsewhere."""
    born = {new for event, _, new in events if event == "birth"}
    empty = born - set(cores[cores == told])
    kept = [one for one in events if one[2] not in empty]
    narratives = families["narrative_id"]
    return families.assign(narrative_id=narratives.where(~narratives.isin(empty), None)), kept


@dataclass(frozen=True, kw_only=True)
class _GrownFamilies:
    standing: Standing
    family_of: NDArray[np.object_]


def _families(
    standing: Standing,
    text_ids: Sequence[str],
    vectors: Vectors,
    links: tuple[pd.DataFrame, pd.DataFrame],
    floor: float,
) -> _GrownFamilies:
    """Let new texts join standing families or found their own."""
    among, to_old = links
    n_old, ids = len(standing.families), pd.Index(text_ids)
    asked, known = pairs_between(
        vectors, units(standing.sums), floor, max_neighbours=_MAX_PROPOSALS
    )
    close = pairs_above(vectors, floor, max_neighbours=_MAX_PROPOSALS)
    rows = pd.Index(standing.families["family_id"])
    linked = (
        n_old + ids.get_indexer(pd.concat([among["text_a"], to_old["text_a"]])),
        np.concatenate(
            [n_old + ids.get_indexer(among["text_b"]), rows.get_indexer(to_old["text_b"])]
        ),
    )
    kind = np.concatenate([among["kind"], to_old["kind"]])
    other, opposed = np.isin(kind, APART_KINDS), np.isin(kind, OTHER_STORY_KINDS)
    near = (
        np.concatenate([linked[0][~other], n_old + close.first, n_old + asked]),
        np.concatenate([linked[1][~other], n_old + close.second, known]),
    )
    never = (linked[0][other], linked[1][other])
    sums = np.vstack([standing.sums, vectors.astype(np.float64)])
    sizes = np.concatenate(
        [standing.families["n_texts"].to_numpy(), np.ones(len(ids), dtype=np.int64)]
    )
    # Only what takes part is clustered: the cost follows the new texts.
    used = distinct(*near, *never, np.arange(n_old, len(sums)))
    place = np.full(len(sums), -1, dtype=np.int64)
    place[used] = np.arange(len(used))
    labels = average_linkage(
        sums[used],
        (place[near[0]], place[near[1]]),
        (place[never[0]], place[never[1]]),
        floor=floor,
        sizes=sizes[used],
        n_standing=int((used < n_old).sum()),
    )
    root = used[labels][place[np.arange(n_old, len(sums))]]
    opposed_rows = (linked[0][opposed], linked[1][opposed])
    return _with_new_families(standing, text_ids, vectors, root, opposed_rows)


def _with_new_families(
    standing: Standing,
    text_ids: Sequence[str],
    vectors: Vectors,
    root: Labels,
    apart: tuple[Labels, Labels],
) -> _GrownFamilies:
    """Add the new texts to the table of families; `root` is the first row of each one's cluster."""
    old = standing.families
    n_old = len(old)
    ids = np.asarray(text_ids, dtype=object)
    taken = set(old["family_id"])
    names = {int(row): str(old["family_id"].iloc[row]) for row in distinct(root[root < n_old])}
    first_text = pd.Series(ids).groupby(root).min()
    for row in distinct(root[root >= n_old]).tolist():
        names[row] = mint("f", first_text[row], taken)
    family_of = np.array([names[row] for row in root.tolist()], dtype=object)
    founded = [row for row in sorted(names) if row >= n_old]
    born = [names[row] for row in founded]
    index = pd.Index([*old["family_id"], *born])
    at = index.get_indexer(family_of)
    sums = group_sums(vectors, at, len(index))
    sums[:n_old] += standing.sums
    counts = np.concatenate([old["n_texts"].to_numpy(), np.zeros(len(born), dtype=np.int64)])
    counts += np.bincount(at, minlength=len(counts))
    families = pd.DataFrame(
        {
            "family_id": index,
            "narrative_id": [*old["narrative_id"], *[None] * len(born)],
            "topic_id": [*old["topic_id"], *[None] * len(born)],
            "n_texts": counts,
            "first_text": [*old["family_id"], *first_text[founded]],
        }
    )
    row_of = np.concatenate([np.arange(n_old), at])
    grown_apart = (
        np.concatenate([standing.apart[0], row_of[apart[0]]]),
        np.concatenate([standing.apart[1], row_of[apart[1]]]),
    )
    grown = Standing(families=families, sums=sums, apart=grown_apart)
    return _GrownFamilies(standing=grown, family_of=family_of)


def _changed_rows(grown: _GrownFamilies) -> set[int]:
    index = pd.Index(grown.standing.families["family_id"])
    return set(distinct(index.get_indexer(grown.family_of)).tolist())
