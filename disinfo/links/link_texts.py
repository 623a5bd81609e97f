"""The link stage: which texts carry the same message, and how.

Near copies come from MinHash over characters, verified by edit distance. Rewordings and
translations come from neighbours among the embeddings; a calibrated curve gives the probability
that the pair carries one message, from how far its cosine stands above the background of its topic
and from what the texts share. A pair that says contrary things is kept as ``opposed``, one that
differs in a number, a day or an hour as ``changed``, and a copy that names somebody or some place
else as ``renamed``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.errors import ParameterError, outside_unit_interval, raise_all
from disinfo.links.background import background, sample_corpus
from disinfo.links.calibration import (
    LinkCalibration,
    load_calibration,
    logit_of,
    shipped_card,
)
from disinfo.links.contrasts import contrasts, judged
from disinfo.links.minhash import candidate_pairs
from disinfo.links.overlap import Runs
from disinfo.links.surroundings import drawn_together
from disinfo.neighbours import Pairs, pairs_above
from disinfo.stages import JudgeContradiction, Vectors
from disinfo.text.normal import normal_form

_STAGE = "links"
# Opposition is looked for among pairs that are at least as likely as not to speak of one thing.
_SAME_MATTER = 0.5
# From this probability on a pair helps to place the other texts of its message.
_CERTAIN = 0.95
# Below it a rewording that denies or cites where the other text does not may be its debunk.
_BEYOND_DOUBT = 0.9
# What the margin of a pair may gain when texts are drawn to those of their messages: where one of
# the two is, and where only the backgrounds move.
_DRAWN, _SHIFTED = 0.25, 0.03
# So many pairs of vectors at once stay in the processor's cache.
_CHUNK = 512
# "Aaaaaaaaaah" is long and has few letters.
_FEWEST_SIGNS = 5


@dataclass(frozen=True, kw_only=True)
class LinkByMeaning:
    """Link texts that carry the same message (built-in `LinkTexts` stage).

    Parameters
    ----------
    min_lexical
        Edit ratio from which two texts of one language are near copies.
    min_probability
        Probability of "same message" from which a rewording is linked.
    min_translated
        The same for a translation. It is higher: across languages neither negations nor names are
        compared, and there are many more pairs.
    min_letters
        A text with fewer letters and digits, repeated words left out, is linked only as a near
        copy: "good morning" has the same meaning as thousands of posts, and that says nothing.
    max_neighbours
        A text keeps this many nearest neighbours; texts that have more are counted in `dropped`.
    calibration
        Path of a calibration card; the shipped one by default.
    judge
        A `JudgeContradiction`, asked about the pairs that no word rule parts: those that it finds
        as likely as not to contradict each other are opposed. None by default.

    Raises
    ------
    ParameterError
        When a parameter is out of its range.
    SchemaError
        When `judge` does not give one probability a pair.

    Notes
    -----
    Fails on messages told at very different lengths (a headline and an essay), and on negations
    without any of the known words.
    """

    min_lexical: float = 0.8
    min_probability: float = 0.5
    min_translated: float = 0.9
    min_letters: int = 20
    max_neighbours: int = 200
    calibration: Path | str | None = None
    judge: JudgeContradiction | None = None
    _card: LinkCalibration = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        problems = outside_unit_interval(
            min_lexical=self.min_lexical,
            min_probability=self.min_probability,
            min_translated=self.min_translated,
        )
        if self.min_letters < 0 or self.max_neighbours < 1:
            problems.append("min_letters must not be negative, max_neighbours must be positive")
        raise_all(problems, ParameterError, "LinkByMeaning")
        object.__setattr__(self, "_card", load_calibration(self.calibration))

    def fitted_to(self, model_id: str) -> tuple[LinkByMeaning, str | None]:
        """Return the stage with the thresholds of a model, and what a reader must know of them.

        Parameters
        ----------
        model_id
            Name, revision and precision of the model that made the vectors.

        Returns
        -------
        stage : LinkByMeaning
            This one, or one with the model's own card.
        note : str or None
            Set when nobody calibrated the thresholds for the model.

        Raises
        ------
        ParameterError
            When `calibration` names a card of another model: its thresholds mean nothing here.
        """
        if self._card.calibrated_for == model_id:
            return self, None
        if self.calibration is not None:
            msg = (
                f"LinkByMeaning: the calibration {self.calibration} belongs to the vectors of "
                f"{self._card.calibrated_for!r}, and these are of {model_id!r}; thresholds of two "
                "models or precisions cannot be mixed"
            )
            raise ParameterError(msg)
        card = shipped_card(model_id)
        if card is not None:
            return replace(self, calibration=card), None
        return self, (
            f"thresholds not calibrated for the embedding model {model_id}: links and families "
            "follow those of the default model"
        )

    def __call__(self, texts: pd.DataFrame, embeddings: Vectors, /) -> dict[str, pd.DataFrame]:
        """Return `links` and `dropped`; row i of `embeddings` belongs to row i of `texts`."""
        normal = [normal_form(text) for text in texts["text"]]
        long_enough = np.array(
            [_telling_letters(form) >= self.min_letters for form in normal], bool
        )
        near_a, near_b, crowded = candidate_pairs(normal)
        rows = np.flatnonzero(long_enough)
        sample = sample_corpus(embeddings, texts["text_id"].to_numpy())
        level = background(embeddings, sample)
        if len(texts) == 0:
            return {"links": tables.LINKS.empty(), "dropped": tables.dropped_rows(_STAGE, {})}
        runs = Runs.of(normal, sample)
        neighbours = self._neighbours(texts, embeddings, level, runs, rows)
        first = np.concatenate([near_a, rows[neighbours.first]])
        second = np.concatenate([near_b, rows[neighbours.second]])
        _, unique = np.unique(first * max(len(texts), 1) + second, return_index=True)
        copies = unique < len(near_a)
        first, second = first[unique], second[unique]
        overlap = self._overlaps(texts, runs, first, second)
        margin = self._margins(texts, embeddings, level, (first, second), overlap)
        pairs = self._typed(texts, normal, long_enough, copies, (first, second), margin, overlap)
        saturated, short = rows[neighbours.saturated], np.flatnonzero(~long_enough)
        counts = {
            reason: (len(those), texts["text_id"].iloc[those[0]] if len(those) else None)
            for reason, those in {
                "in a crowded bucket of near copies: paired with some of them": crowded,
                f"more than {self.max_neighbours} neighbours: the nearest were kept": saturated,
                f"fewer than {self.min_letters} letters: linked only as near copies": short,
            }.items()
        }
        return {"links": pairs, "dropped": tables.dropped_rows(_STAGE, counts)}

    def _overlaps(
        self,
        texts: pd.DataFrame,
        runs: Runs,
        first: NDArray[np.int64],
        second: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Return the overlap of each pair whose curve asks for it, and 0 for the others."""
        language, curves = pd.factorize(texts["language"])[0], self._card.curves
        asks = {kind: curve.overlap != 0 for kind, curve in curves.items()}
        same = language[first] == language[second]
        # A copy may be told from a rewording only later.
        asked = asks["near"] | np.where(same, asks["reworded"], asks["translated"])
        result = np.zeros(len(first))
        result[asked] = runs.overlaps(first[asked], second[asked])
        return result

    def _margins(
        self,
        texts: pd.DataFrame,
        vectors: Vectors,
        level: NDArray[np.float64],
        pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
        overlap: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return the margin of each pair once each text is drawn to those of its message."""
        a, b = pairs
        cosine = _cosines(vectors, a, b)
        margin = cosine - (level[a] + level[b]) / 2
        languages = texts["language"].to_numpy()
        kind = np.where(languages[a] == languages[b], "reworded", "translated").astype(object)
        certain = self._probability(kind, margin, overlap, np.zeros(len(a))) >= _CERTAIN
        if not certain.any():
            return margin
        vectors = drawn_together(vectors, a[certain], b[certain], cosine[certain])
        level = background(vectors, sample_corpus(vectors, texts["text_id"].to_numpy()))
        return _cosines(vectors, a, b) - (level[a] + level[b]) / 2

    def _neighbours(
        self,
        texts: pd.DataFrame,
        vectors: Vectors,
        level: NDArray[np.float64],
        runs: Runs,
        rows: NDArray[np.int64],
    ) -> Pairs:
        """Return the pairs that may reach the probability, of rows by their place among `rows`."""
        asked, curves = self._asked(), self._card.curves
        margin = min(curves[kind].lowest_margin(p) for kind, p in asked.items())
        lowest = margin + (np.quantile(level[rows], 0.1) if len(rows) else 0.0)
        floor = float(np.clip(lowest, -0.99, 1.0))
        language = pd.factorize(texts["language"])[0]
        own, across = curves["reworded"], curves["translated"]
        least = [logit_of(asked[kind]) for kind in ("reworded", "translated")]

        def worth(
            first: NDArray[np.int64], second: NDArray[np.int64], cosine: NDArray[np.float32]
        ) -> NDArray[np.bool_]:
            a, b = rows[first], rows[second]
            margin = cosine - (level[a] + level[b]) / 2
            same = language[a] == language[b]
            best, gain = np.empty(len(a)), np.where(same, own.margin, across.margin)
            for curve, its in ((own, same), (across, ~same)):
                # Where overlap does not count, or counts against, at best there is none.
                most = runs.at_most(a[its], b[its]) if curve.overlap > 0 else np.zeros(1)
                best[its] = curve.logit(margin[its], most, np.ones(1))
            # Only texts that have a certain partner are drawn to anybody.
            drawn = np.zeros(len(rows), dtype=bool)
            drawn[first[best >= logit_of(_CERTAIN)]] = True
            best += gain * np.where(drawn[first], _DRAWN, _SHIFTED)
            return best >= np.where(same, *least)

        # As a rule all texts are long enough, and a copy of their vectors may be gigabytes.
        sought = vectors if len(rows) == len(vectors) else vectors[rows]
        return pairs_above(sought, floor, max_neighbours=self.max_neighbours, worth=worth)

    def _asked(self) -> dict[str, float]:
        """Return the probability from which pairs of each kind are looked at."""
        return {
            "reworded": min(self.min_probability, _SAME_MATTER),
            "translated": min(self.min_translated, _SAME_MATTER),
        }

    def _probability(
        self,
        kind: NDArray[np.object_],
        margin: NDArray[np.float64],
        overlap: NDArray[np.float64],
        lexical: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return the probability of "same message" by the curve of each pair's kind."""
        result = np.zeros(len(kind))
        for name, curve in self._card.curves.items():
            its = kind == name
            result[its] = curve.probability(margin[its], overlap[its], lexical[its])
        return result

    def _part(
        self,
        texts: pd.DataFrame,
        pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
        lexical: NDArray[np.float64],
        kind: NDArray[np.object_],
        probability: NDArray[np.float64],
    ) -> None:
        """Write into kind and probability what parts the two texts of a pair."""
        a, b = pairs
        near = np.flatnonzero((kind == "near") | (probability >= _SAME_MATTER))
        found = contrasts(texts, a[near], b[near], lexical[near])
        copy = kind[near] == "near"
        # Rewordings without a number in common, or of other people and places, are one template
        # filled in twice. A text about the report that the other makes is as a rule its debunk.
        apart = found.other_numbers | found.other_names | found.comments
        apart |= found.doubtful & (probability[near] < _BEYOND_DOUBT)
        probability[near[~copy & apart]] = 0.0
        against = found.against.copy()
        if self.judge is not None:
            asked = np.flatnonzero(~against & (copy | (probability[near] >= _SAME_MATTER)))
            against[asked] |= judged(self.judge, texts, a[near[asked]], b[near[asked]]) >= 0.5
        kind[near[found.other_detail]] = "changed"
        # The same words about the next town: another event, and no word against this one.
        kind[near[copy & found.other_undated_names]] = "renamed"
        kind[near[against]] = "opposed"

    def _typed(
        self,
        texts: pd.DataFrame,
        normal: list[str],
        long_enough: NDArray[np.bool_],
        copies: NDArray[np.bool_],
        pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
        margin: NDArray[np.float64],
        overlap: NDArray[np.float64],
    ) -> pd.DataFrame:
        """Give each candidate pair its kind and probability; drop those that have none."""
        a, b = pairs
        if len(a) == 0:
            return tables.LINKS.empty()
        languages = texts["language"].to_numpy()
        same = languages[a] == languages[b]
        kind = np.where(same, "reworded", "translated").astype(object)
        # Edit distances are the dearest step, so only for pairs that they can still make a link.
        lexical = np.ones(len(a))
        asked = np.where(same, *self._asked().values())
        worth = copies | (self._probability(kind, margin, overlap, lexical) >= asked)
        a, b, kind, margin = a[worth], b[worth], kind[worth], margin[worth]
        lexical, overlap = _edit_ratios(normal, a, b), overlap[worth]
        kind[lexical >= self.min_lexical] = "near"
        probability = self._probability(kind, margin, overlap, lexical)
        probability[(kind != "near") & ~(long_enough[a] & long_enough[b])] = 0.0
        self._part(texts, (a, b), lexical, kind, probability)
        least = np.where(same[worth], self.min_probability, self.min_translated)
        keep = np.flatnonzero(np.isin(kind, ["near", *tables.APART_KINDS]) | (probability >= least))
        ids = texts["text_id"].to_numpy()
        left, right = ids[a[keep]], ids[b[keep]]
        swap = left > right
        return tables.LINKS.check(
            pd.DataFrame(
                {
                    "text_a": np.where(swap, right, left),
                    "text_b": np.where(swap, left, right),
                    "kind": kind[keep],
                    "similarity": probability[keep],
                    "lexical_similarity": lexical[keep],
                }
            ),
            source=_STAGE,
        )


def _cosines(vectors: Vectors, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the cosine of each pair of rows."""
    result = np.empty(len(a))
    for start in range(0, len(a), _CHUNK):
        part = slice(start, start + _CHUNK)
        result[part] = np.einsum("ij,ij->i", vectors[a[part]], vectors[b[part]])
    return result


def _telling_letters(form: str) -> int:
    """Return how many letters and digits a text has in unlike words; 0 for a wall of signs."""
    # Not all of a word is alphanumeric where marks stand beside their letters, as in Japanese.
    words = {word for word in form.split(" ") if any(sign.isalnum() for sign in word)}
    n_letters = sum(map(len, words))
    return n_letters if len(set().union(*words)) >= _FEWEST_SIGNS else 0


def _edit_ratios(
    normal: list[str], a: NDArray[np.int64], b: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the normalised Levenshtein similarity of each pair of normal forms."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cpdist

    ratios: NDArray[np.float64] = cpdist(
        [normal[i] for i in a],
        [normal[i] for i in b],
        scorer=Levenshtein.normalized_similarity,
        dtype=np.float64,
        workers=-1,
    )
    return ratios
