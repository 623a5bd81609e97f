"""A writing model: for each language, weights of style features and how scores are spread."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from disinfo.errors import ModelError
from disinfo.writing.pooling import MachineShare, Pooled, machine_share, pool
from disinfo.writing.style import letter_ngrams, ngrams, style_tokens

Floats = NDArray[np.float64]
_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Features:
    """Weights of one kind of feature.

    Parameters
    ----------
    names
        n-grams.
    rarity
        Inverse document frequency of each.
    weights
        Weight of each; positive for machine-like.
    """

    names: tuple[str, ...]
    rarity: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.names) == len(self.rarity) == len(self.weights):
            msg = "a writing model needs one rarity and one weight a feature"
            raise ModelError(msg)

    @cached_property
    def _table(self) -> dict[str, tuple[float, float]]:
        rows = zip(self.names, self.rarity, self.weights, strict=True)
        return {name: (rarity, weight) for name, rarity, weight in rows}

    def score(self, found: Iterable[str]) -> float:
        """Return the weighted sum of the features of one post, as of unit length.

        Parameters
        ----------
        found
            Its n-grams, with repetitions.

        Returns
        -------
        float
            0 where it has none that is known.
        """
        table = self._table
        total = length = 0.0
        for name, n in Counter(found).items():
            if name in table:
                rarity, weight = table[name]
                strength = (1 + math.log(n)) * rarity
                total += strength * weight
                length += strength**2
        return total / math.sqrt(length) if length else 0.0


@dataclass(frozen=True, kw_only=True)
class LanguageStyle:
    """The model of one language.

    Parameters
    ----------
    function_words
        Words that stay as they are.
    habits, letters
        Weights of style n-grams and of n-grams of letters.
    intercept
        Added to every score.
    human, machine, spread
        Means and common standard deviation of scores, on posts and kinds of machine that the
        weights had not seen.
    correlation
        Between posts of one source.
    n_human, n_machine
        Posts that it was fitted on.
    auc
        Area under the curve on single posts of kinds left out in turn.
    """

    function_words: tuple[str, ...]
    habits: Features
    letters: Features
    intercept: float
    human: float
    machine: float
    spread: float
    correlation: float
    n_human: int
    n_machine: int
    auc: float

    def __post_init__(self) -> None:
        if not self.spread > 0 or not 0 <= self.correlation <= 1:
            msg = f"impossible spread {self.spread} or correlation {self.correlation}"
            raise ModelError(msg)

    @cached_property
    def _kept(self) -> frozenset[str]:
        return frozenset(self.function_words)

    def score(self, texts: Sequence[str]) -> Floats:
        """Score posts by their style.

        Parameters
        ----------
        texts
            n posts of the language.

        Returns
        -------
        ndarray of float64
            n scores; higher is more machine-like. One score is next to worthless: pool them.
        """
        return np.array([self._score_one(text) for text in texts], dtype=np.float64)

    def _score_one(self, text: str) -> float:
        habits = self.habits.score(ngrams(style_tokens(text, self._kept)))
        return self.intercept + habits + self.letters.score(letter_ngrams(text))

    @property
    def _spreads(self) -> dict[str, float]:
        names = ("human", "machine", "spread", "correlation")
        return {name: getattr(self, name) for name in names}

    def pool(self, scores: Floats) -> Pooled:
        """Pool scores of one source; see `disinfo.writing.pool`.

        Parameters
        ----------
        scores
            What `score` gave.

        Returns
        -------
        Pooled
            Bits for machine against human, and the independent posts that they rest on.
        """
        return pool(scores, **self._spreads)

    def share(self, scores: Floats) -> MachineShare:
        """Estimate the share of machine posts; see `disinfo.writing.machine_share`.

        Parameters
        ----------
        scores
            What `score` gave.

        Returns
        -------
        MachineShare
            With its 90 % interval.
        """
        return machine_share(scores, **self._spreads)


@dataclass(frozen=True, kw_only=True)
class WritingModel:
    """Styles by language, and what they were learned from.

    Parameters
    ----------
    styles
        By ISO 639-1 code.
    statement
        The human reference and the machine posts, in words.
    """

    styles: Mapping[str, LanguageStyle]
    statement: str

    def save(self, path: Path | str) -> None:
        """Write the model as JSON.

        Parameters
        ----------
        path
            The file.
        """
        styles = {code: asdict(style) for code, style in sorted(self.styles.items())}
        content = {"format": _FORMAT, "statement": self.statement, "styles": styles}
        Path(path).write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


def load_writing(path: Path | str) -> WritingModel:
    """Load a writing model.

    Parameters
    ----------
    path
        A file that `WritingModel.save` wrote.

    Returns
    -------
    WritingModel
        The model.

    Raises
    ------
    ModelError
        When the file is not one.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            msg = f"{Path(path).name} is a writing model of format {content['format']}"
            raise ModelError(msg)
        styles = {str(code): _style(values) for code, values in content["styles"].items()}
        return WritingModel(styles=styles, statement=str(content["statement"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{Path(path).name} is not a writing model: {error!r}"
        raise ModelError(msg) from error


def _style(values: dict[str, Any]) -> LanguageStyle:
    made: dict[str, Any] = {}
    for field in fields(LanguageStyle):
        value = values[field.name]
        if field.name == "function_words":
            made[field.name] = tuple(map(str, value))
        elif field.name in ("habits", "letters"):
            made[field.name] = Features(
                names=tuple(map(str, value["names"])),
                rarity=tuple(map(float, value["rarity"])),
                weights=tuple(map(float, value["weights"])),
            )
        else:
            made[field.name] = int(value) if field.name.startswith("n_") else float(value)
    return LanguageStyle(**made)
