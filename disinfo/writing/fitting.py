"""Fitting a writing model: human posts of the user's own against machine posts.

What people write differs by platform, year and subject more than by who holds the pen, so the human
side must come from where the posts in question come from. The machine side is shipped: posts that a
language model wrote for this project in five styles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.errors import SchemaError, raise_all
from disinfo.model_files import model_file
from disinfo.writing.model import Features, LanguageStyle, WritingModel
from disinfo.writing.pooling import intraclass_correlation
from disinfo.writing.style import function_words_of, letter_ngrams, ngrams, style_tokens

Floats = NDArray[np.float64]
_Scorer: TypeAlias = Callable[[list[str]], Floats]

_FUNCTION_WORDS = 120
_MIN_POSTS_WITH = 3
_FOLDS = 5
_INVERSE_PENALTY = 3.0
_MAX_FEATURES = 20_000
# Fewer posts a side give a spread that means nothing.
MIN_POSTS = 40
# No estimate from a few kinds of machine or some accounts is trusted to be smaller.
_LEAST_CORRELATION = 0.05


def machine_posts() -> pd.DataFrame:
    """Return the shipped machine posts.

    Returns
    -------
    DataFrame
        text, language (en, uk, ru), kind (rewrite, persona, punchy, formal, terse).

    Examples
    --------
    >>> sorted(machine_posts()["language"].unique())
    ['en', 'ru', 'uk']
    """
    path = model_file("machine_writing", "machine_posts.csv")
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def fit_writing(
    human: pd.DataFrame, machine: pd.DataFrame | None = None, *, statement: str = ""
) -> WritingModel:
    """Fit a writing model for every language that both sides have enough posts of.

    Parameters
    ----------
    human
        Columns text and language; account_id where it is known, pair_id where a machine post is a
        rewording of it. Posts that people wrote, from the platform and about the subjects that the
        model will be asked about: posts from before machines wrote are the safest.
    machine
        Columns text, language and kind (generator or style), and pair_id as above; the shipped
        posts by default.
    statement
        Where the human posts come from.

    Returns
    -------
    WritingModel
        Means, spread and correlation of its scores are measured on posts, and on kinds of machine,
        that the weights had not seen.

    Raises
    ------
    SchemaError
        When a column is absent or no language has 40 posts on both sides.

    Notes
    -----
    Logistic regression on n-grams of style and of letters. Fails on a generator that writes unlike
    those it was fitted on, and where the human posts differ from the machine posts by platform or
    subject rather than by hand; it cannot tell the two failures from success.
    """
    machine = machine_posts() if machine is None else machine
    problems = [
        f"{side} posts lack the columns {absent}"
        for side, frame, wanted in (
            ("human", human, ("text", "language")),
            ("machine", machine, ("text", "language", "kind")),
        )
        if (absent := [name for name in wanted if name not in frame])
    ]
    raise_all(problems, SchemaError, "fit_writing")
    styles = {}
    for code in sorted(set(human["language"].dropna()) & set(machine["language"].dropna())):
        ours, theirs = (
            frame[(frame["language"] == code) & frame["text"].notna()].drop_duplicates("text")
            for frame in (human, machine)
        )
        if min(len(ours), len(theirs)) >= MIN_POSTS:
            styles[str(code)] = _fit_language(ours, theirs)
    if not styles:
        msg = f"fit_writing: no language has {MIN_POSTS} different posts on both sides"
        raise SchemaError(msg)
    return WritingModel(styles=styles, statement=statement)


def _fit_language(human: pd.DataFrame, machine: pd.DataFrame) -> LanguageStyle:
    # Any order of rows gives the same folds.
    human, machine = (frame.sort_values("text", kind="stable") for frame in (human, machine))
    words = function_words_of([*human["text"], *machine["text"]], _FUNCTION_WORDS)
    ours, theirs = human["text"].tolist(), machine["text"].tolist()
    kinds = machine["kind"].to_numpy(dtype=str)
    accounts = human["account_id"] if "account_id" in human else pd.Series(range(len(human)))
    folds = _with_pairs(pd.factorize(accounts.astype("str"))[0] % _FOLDS, human, machine, kinds)
    unseen_human, unseen_machine = _unseen_scores(ours, folds, theirs, kinds, words)
    spread = float(np.sqrt((unseen_human.var() + unseen_machine.var()) / 2))
    correlation = max(
        _LEAST_CORRELATION,
        intraclass_correlation(unseen_human, accounts.tolist()),
        intraclass_correlation(unseen_machine, kinds.tolist()),
    )
    habits, letters, intercept = _weights(ours, theirs, words)
    return LanguageStyle(
        function_words=tuple(sorted(words)),
        habits=habits,
        letters=letters,
        intercept=intercept,
        human=round(float(unseen_human.mean()), 4),
        machine=round(float(unseen_machine.mean()), 4),
        spread=round(max(spread, 1e-3), 4),
        correlation=round(correlation, 4),
        n_human=len(ours),
        n_machine=len(theirs),
        auc=round(_auc(unseen_human, unseen_machine), 4),
    )


def _with_pairs(
    folds: NDArray[np.int64],
    human: pd.DataFrame,
    machine: pd.DataFrame,
    kinds: NDArray[np.str_],
) -> NDArray[np.int64]:
    """Put a human post in the fold of the machine post that rewords it.

    The one would otherwise teach that the subject of the other is human.
    """
    if "pair_id" not in human or "pair_id" not in machine:
        return folds
    turn = pd.Series(pd.factorize(kinds)[0], index=machine["pair_id"].to_numpy())
    turn = turn[turn.index.notna() & ~turn.index.duplicated()]
    paired = human["pair_id"].map(turn).to_numpy(np.float64)
    return np.where(np.isnan(paired), folds, paired).astype(np.int64)


def _unseen_scores(
    human: list[str],
    folds: NDArray[np.int64],
    machine: list[str],
    kinds: NDArray[np.str_],
    words: frozenset[str],
) -> tuple[Floats, Floats]:
    """Score every post by weights that saw neither it nor its fold of people or kind of machine."""
    texts_h, texts_m = np.array(human, dtype=object), np.array(machine, dtype=object)
    scores_h, scores_m = np.zeros(len(human)), np.zeros(len(machine))
    turn_of = pd.factorize(kinds)[0]
    if turn_of.max() == 0:
        # With one kind of machine there is none to leave out: its posts take turns instead.
        turn_of = np.arange(len(machine)) % _FOLDS
    n_turns = int(turn_of.max()) + 1
    for turn in range(n_turns):
        out_h, out_m = folds % n_turns == turn, turn_of == turn
        score = _scorer(texts_h[~out_h].tolist(), texts_m[~out_m].tolist(), words)
        scores_h[out_h] = score(texts_h[out_h].tolist())
        scores_m[out_m] = score(texts_m[out_m].tolist())
    return scores_h, scores_m


def _scorer(human: list[str], machine: list[str], words: frozenset[str]) -> _Scorer:
    tables, model = _fitted(human, machine, words)

    def score(texts: list[str]) -> Floats:
        if not texts:
            return np.empty(0)
        found: Floats = model.decision_function(tables.transform(texts))
        return found

    return score


def _fitted(human: list[str], machine: list[str], words: frozenset[str]) -> tuple[Any, Any]:
    """Return scikit-learn's union of both kinds of feature, and the regression on it."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import FeatureUnion

    analyzers = {
        "habits": lambda text: list(ngrams(style_tokens(text, words))),
        "letters": lambda text: list(letter_ngrams(text)),
    }
    tables = FeatureUnion(
        [
            (
                name,
                TfidfVectorizer(
                    analyzer=analyzer,
                    min_df=_MIN_POSTS_WITH,
                    max_features=_MAX_FEATURES,
                    sublinear_tf=True,
                ),
            )
            for name, analyzer in analyzers.items()
        ]
    )
    found = tables.fit_transform([*human, *machine])
    truth = np.r_[np.zeros(len(human)), np.ones(len(machine))]
    # Both sides weigh the same, however many posts each has.
    model = LogisticRegression(C=_INVERSE_PENALTY, class_weight="balanced", max_iter=1000)
    return tables, model.fit(found, truth)


def _weights(
    human: list[str], machine: list[str], words: frozenset[str]
) -> tuple[Features, Features, float]:
    tables, model = _fitted(human, machine, words)
    begin, made = 0, []
    for _, vectors in tables.transformer_list:
        names = vectors.get_feature_names_out()
        weights = model.coef_[0][begin : begin + len(names)]
        begin += len(names)
        made.append(
            Features(
                names=tuple(map(str, names)),
                rarity=tuple(vectors.idf_.round(4).tolist()),
                weights=tuple(weights.round(4).tolist()),
            )
        )
    return made[0], made[1], round(float(model.intercept_[0]), 4)


def _auc(human: Floats, machine: Floats) -> float:
    from sklearn.metrics import roc_auc_score

    truth = np.r_[np.zeros(len(human)), np.ones(len(machine))]
    return float(roc_auc_score(truth, np.r_[human, machine]))
