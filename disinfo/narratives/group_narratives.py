"""The narrative stage: texts to families, families to narratives, narratives to topics.

Average linkage on cosines at two floors, and above them communities of near texts. A family is one
message in any wording or language; a narrative is one story, told in several messages; a topic is
what the story is about. Texts whose links and tags point clearly to another narrative go there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.distinct import distinct
from disinfo.errors import ParameterError, raise_all
from disinfo.narratives.follow_marks import follow_marks, nowhere
from disinfo.narratives.linkage import Labels, average_linkage
from disinfo.narratives.marks import carriers, marks_of_texts
from disinfo.narratives.stability import resampled_stability
from disinfo.narratives.standing import (
    FEW,
    Floors,
    blocks,
    centroids,
    group_sums,
    sums_in_parts,
    units,
)
from disinfo.narratives.topics import MIN_TEXTS, find_topics
from disinfo.neighbours import pairs_above
from disinfo.stages import Vectors
from disinfo.tables import APART_KINDS, OTHER_STORY_KINDS

_MAX_PROPOSALS = 50
TOPIC_FLOOR = 0.15
POINTLESS = "link or tag that points to no one narrative: moves no text"


@dataclass(frozen=True, kw_only=True)
class GroupByMeaning:
    """Group texts into families, narratives and topics (built-in `GroupNarratives` stage).

    Parameters
    ----------
    family_floor, narrative_floor
        Lowest mean cosine at which two families or two narratives are one. The defaults are for
        the default embedding, centred by language; reference figures for it: posts of one topic
        lie below .30 in 99 of 100 pairs, rewordings have a median of .55.
    topic_floor
        The same for topics. None lets the corpus say (`disinfo.narratives.topics`); of fewer than
        30 texts it is .15.

    Raises
    ------
    ParameterError
        When the floors are not in descending order.

    Notes
    -----
    Every text is in a narrative, if only in one of its own: coverage is always 1, and the share of
    one-text narratives says how much of the corpus tells no common story. A text that goes where
    its links and tags point stays in its family; `joined_by` in `membership` says which do. Fails
    where two stories use the same words about different events (two football matches, say).
    """

    family_floor: float = 0.42
    narrative_floor: float = 0.3
    topic_floor: float | None = None

    def __post_init__(self) -> None:
        topic = self.narrative_floor if self.topic_floor is None else self.topic_floor
        floors = (self.family_floor, self.narrative_floor, topic)
        problems = []
        if not 1 > floors[0] >= floors[1] >= floors[2] > -1:
            problems.append(f"floors must descend within (-1, 1), not {floors}")
        raise_all(problems, ParameterError, "GroupByMeaning")

    def __call__(
        self, texts: pd.DataFrame, embeddings: Vectors, links: pd.DataFrame, /
    ) -> dict[str, pd.DataFrame]:
        """Return `membership`, `family_members`, `topic_members` and `dropped`."""
        rows = pd.Index(texts["text_id"])
        first, second = rows.get_indexer(links["text_a"]), rows.get_indexer(links["text_b"])
        other = links["kind"].isin(APART_KINDS).to_numpy()
        # A report whose number or day has moved on is another message of the same story.
        opposed = links["kind"].isin(OTHER_STORY_KINDS).to_numpy()
        apart = (first[opposed], second[opposed])
        # Links propose merges, and so does nearness alone: a family's mean may hold together two
        # wordings of which neither would be shown as a link.
        close = pairs_above(embeddings, self.family_floor, max_neighbours=_MAX_PROPOSALS)
        near = (
            np.concatenate([first[~other], close.first]),
            np.concatenate([second[~other], close.second]),
        )
        never = (first[other], second[other])
        families = average_linkage(embeddings, near, never, floor=self.family_floor)
        narratives = _coarser(embeddings, families, apart, self.narrative_floor)
        # In order of ids, so that the order of rows cannot show.
        order = np.argsort(texts["text_id"].to_numpy(dtype=object), kind="stable")
        topics, topic_floor = self._topics(order, embeddings, narratives)
        stable = self._stability(order, embeddings, (families, narratives), apart)
        ids = texts["text_id"].to_numpy()
        names = np.array(name_clusters("n", narratives, ids), dtype=object)
        told, dropped = _by_marks(texts, order, narratives, apart)
        by_words = told == narratives
        own = _at_home(narratives)[told]
        return {
            "membership": pd.DataFrame(
                {
                    "text_id": ids,
                    "narrative_id": names[own],
                    "weight": _closeness(embeddings, told, by_words),
                    "joined_by": np.where(by_words, "words", "marks"),
                }
            ),
            "family_members": pd.DataFrame(
                {"text_id": ids, "family_id": name_clusters("f", families, ids)}
            ),
            "topic_members": pd.DataFrame(
                {
                    "narrative_id": names[own],
                    "topic_id": np.array(name_clusters("o", topics, ids), dtype=object)[own],
                    "floor": topic_floor,
                    "stability": stable[own],
                }
            ).drop_duplicates(),
            "dropped": dropped,
        }

    def _topics(
        self, order: Labels, embeddings: Vectors, narratives: Labels
    ) -> tuple[Labels, float]:
        """Return the topic of each text, and the floor at which later narratives join one."""
        if self.topic_floor is not None or len(order) < MIN_TEXTS:
            floor, none = self.usual_topic_floor, np.empty(0, dtype=np.int64)
            return _coarser(embeddings, narratives, (none, none), floor), floor
        codes = np.unique(narratives, return_inverse=True)[1]
        found = find_topics(_rows(embeddings, order), codes[order])
        return found.labels[codes], found.floor

    def _stability(
        self,
        order: Labels,
        embeddings: Vectors,
        clusters: tuple[Labels, Labels],
        apart: tuple[Labels, Labels],
    ) -> NDArray[np.float64]:
        """Return how stable the narrative of each text is."""
        if len(order) == 0:
            return np.empty(0)
        families, narratives = (np.unique(one, return_inverse=True)[1] for one in clusters)
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        found = resampled_stability(
            _rows(embeddings, order),
            families[order],
            narratives[order],
            (place[apart[0]], place[apart[1]]),
            floor=self.narrative_floor,
        )
        stable: NDArray[np.float64] = found[narratives].round(4)
        return stable

    @property
    def usual_topic_floor(self) -> float:
        """The floor of topics before a corpus has been looked at."""
        given = TOPIC_FLOOR if self.topic_floor is None else self.topic_floor
        return min(given, self.narrative_floor)

    def floors(self, topic: float) -> Floors:
        """Return the floors where that of topics is given.

        Parameters
        ----------
        topic
            Lowest mean cosine of two topics that are one.

        Returns
        -------
        Floors
            A topic's is never above that of narratives.
        """
        return Floors(
            family=self.family_floor,
            narrative=self.narrative_floor,
            topic=min(topic, self.narrative_floor),
        )


def _rows(embeddings: Vectors, order: Labels) -> Vectors:
    """Return rows in an order; where they are in it, as they are: a copy may be gigabytes."""
    return embeddings if bool((np.diff(order) > 0).all()) else embeddings[order]


def _coarser(
    embeddings: Vectors,
    labels: Labels,
    apart: tuple[NDArray[np.int64], NDArray[np.int64]],
    floor: float,
) -> Labels:
    """Go on merging clusters down to a lower floor; return a label a text."""
    groups, inverse = np.unique(labels, return_inverse=True)
    # The sums are made after the search: both at once would be what takes most memory of a run.
    centres = centroids(embeddings, inverse, len(groups))
    near = pairs_above(centres, floor, max_neighbours=_MAX_PROPOSALS)
    del centres
    # Most clusters are near to none, and what is never asked for is not added up.
    asked = distinct(near.first, near.second)
    place = np.full(len(groups), -1, dtype=np.int64)
    place[asked] = np.arange(len(asked))
    pair = place[inverse[apart[0]]], place[inverse[apart[1]]]
    both = (pair[0] >= 0) & (pair[1] >= 0)
    merged = average_linkage(
        group_sums(embeddings, place[inverse], len(asked)),
        (place[near.first], place[near.second]),
        (pair[0][both], pair[1][both]),
        floor=floor,
        sizes=np.bincount(inverse)[asked],
    )
    # A cluster is called after its smallest one.
    home = np.arange(len(groups))
    home[asked] = asked[merged]
    return groups[home[inverse]]


def _at_home(narratives: Labels) -> Labels:
    """Return a text for each label: what is said of it by words holds for all that have come."""
    home = np.zeros(int(narratives.max(initial=-1)) + 1, dtype=np.int64)
    home[narratives] = np.arange(len(narratives))
    return home


def _by_marks(
    texts: pd.DataFrame, order: Labels, narratives: Labels, apart: tuple[Labels, Labels]
) -> tuple[Labels, pd.DataFrame]:
    """Return the narrative of each text after those have moved whose marks point elsewhere."""
    marks = marks_of_texts(texts)
    rows, codes, names = carriers([marks[row] for row in order.tolist()])
    cores, labels = pd.factorize(narratives[order])
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    none = np.empty(0, dtype=np.int64)
    followed = follow_marks(
        cores.astype(np.int64),
        (rows, codes),
        ((place[apart[0]], place[apart[1]]), (none, none)),
        nowhere(len(names), len(labels)),
    )
    told = labels[followed.narratives][place]
    pointless = followed.pointless
    example = str(names[pointless[0]]) if len(pointless) else None
    return told, tables.dropped_rows("narratives", {POINTLESS: (len(pointless), example)})


def _closeness(
    embeddings: Vectors, labels: Labels, by_words: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return each text's cosine to the centre of its cluster's words, 0 where negative."""
    groups, inverse = np.unique(labels, return_inverse=True)
    cosine = np.zeros(len(inverse))
    # Some clusters at a time: the centres of all, and of each text, are as large as the vectors.
    for which, _, sums in sums_in_parts(embeddings, np.where(by_words, inverse, -1), len(groups)):
        centres = units(sums)
        own = np.flatnonzero((inverse >= which.start) & (inverse < which.stop))
        for part in blocks(len(own), FEW):
            rows = own[part]
            centre = centres[inverse[rows] - which.start]
            cosine[rows] = np.einsum("ij,ij->i", embeddings[rows], centre)
    closeness: NDArray[np.float64] = np.clip(cosine, 0.0, 1.0)
    return closeness


def name_clusters(prefix: str, labels: Labels, text_ids: NDArray[np.object_]) -> list[str]:
    """Name each cluster after its smallest text id, so that names come from content.

    Parameters
    ----------
    prefix
        One letter for the kind of cluster.
    labels
        A label a text.
    text_ids
        The texts' ids.

    Returns
    -------
    list of str
        An id a text.

    Examples
    --------
    >>> import numpy as np
    >>> ids = name_clusters("f", np.array([0, 0, 2]), np.array(["t-1", "t-2", "t-3"]))
    >>> ids[0] == ids[1], ids[0] == ids[2]
    (True, False)
    """
    smallest = pd.Series(text_ids).groupby(labels).transform("min")
    hashed = {
        text_id: f"{prefix}-{hashlib.blake2b(text_id.encode(), digest_size=5).hexdigest()}"
        for text_id in smallest.unique()
    }
    return [hashed[text_id] for text_id in smallest]
