"""Systems that say which texts carry one message: a table (text_a, text_b), unordered."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.systems.text_peers import PAIR_PEERS
from benchmarks.task import Answer, Question, System
from disinfo.embedding import centre_by_language
from disinfo.links import LinkByMeaning
from disinfo.stages import Vectors, as_tables
from disinfo.tables import APART_KINDS
from disinfo.text.language import identify
from disinfo.text.normal import normal_form


def texts_and_vectors(question: Question) -> tuple[pd.DataFrame, Vectors]:
    """Return texts with their languages and vectors centred on this corpus, as a run has them."""
    texts = question.table.assign(language=identify(question.table["text"].tolist()))
    if question.embeddings is None:
        msg = "this system needs embeddings"
        raise ValueError(msg)
    return texts, centre_by_language(question.embeddings, texts["language"].tolist())


def link_table(question: Question) -> pd.DataFrame:
    """Return the links that the library finds with its default settings."""
    texts, vectors = texts_and_vectors(question)
    return as_tables(LinkByMeaning()(texts, vectors), main="links", stage="links")["links"]


def _ours(question: Question) -> Answer:
    links = link_table(question)
    return links[~links["kind"].isin(APART_KINDS)]


def _pair_table(ids: NDArray[np.object_], pairs: Iterable[tuple[int, int]]) -> Answer:
    rows = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return pd.DataFrame({"text_a": ids[rows[:, 0]], "text_b": ids[rows[:, 1]]})


def _exact(question: Question) -> Answer:
    forms = question.table["text"].map(normal_form)
    rows = pd.Series(range(len(forms))).groupby(forms.to_numpy()).agg(list)
    pairs = {(a, b) for own in rows for k, a in enumerate(own) for b in own[k + 1 :]}
    return _pair_table(question.table["text_id"].to_numpy(), pairs)


def _nothing(question: Question) -> Answer:
    del question
    return pd.DataFrame({"text_a": [], "text_b": []}, dtype="str")


# From this cosine on texts share more than half of their rare character runs.
_TFIDF_COSINE = 0.5


def _char_tfidf(question: Question) -> Answer:
    from sklearn.feature_extraction.text import TfidfVectorizer

    forms = question.table["text"].map(normal_form).tolist()
    table = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    rows = table.fit_transform(forms).tocsr()
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(forms), 500):
        product = (rows[start : start + 500] @ rows.T).tocoo()
        near = (product.data >= _TFIDF_COSINE) & (product.row + start < product.col)
        pairs += zip((product.row[near] + start).tolist(), product.col[near].tolist(), strict=True)
    return _pair_table(question.table["text_id"].to_numpy(), pairs)


# The thresholds that D3lta 1.0.2 ships: cosine of a translation, of a rewording, edit ratio of a
# copy, fewest letters.
_TRANSLATION, _REWORDING, _COPY, _SHORTEST = 0.715, 0.85, 0.693, 30


def d3lta_pairs(question: Question, vectors: Vectors) -> Answer:
    """Apply D3lta's rule: a cosine for translations and one for rewordings, an edit ratio.

    Parameters
    ----------
    question
        Texts.
    vectors
        A unit row a text.

    Returns
    -------
    DataFrame
        Pairs; as in D3lta 1.0.2, candidates are pairs above the lower cosine, and of one language
        copies by edit ratio or rewordings by the higher cosine.
    """
    from rapidfuzz.distance import Levenshtein

    languages = np.array(identify(question.table["text"].tolist()))
    letters = [normal_form(text).replace(" ", "") for text in question.table["text"]]
    usable = np.flatnonzero(np.array([len(one) >= _SHORTEST for one in letters]))
    cosine = vectors[usable] @ vectors[usable].T
    first, second = np.nonzero(np.triu(cosine > _TRANSLATION, 1))
    pairs = set()
    for i, j in zip(first.tolist(), second.tolist(), strict=True):
        a, b = int(usable[i]), int(usable[j])
        if (
            languages[a] != languages[b]
            or cosine[i, j] > _REWORDING
            or Levenshtein.normalized_similarity(letters[a], letters[b]) > _COPY
        ):
            pairs.add((a, b))
    return _pair_table(question.table["text_id"].to_numpy(), pairs)


def _d3lta_as_given(question: Question) -> Answer:
    if question.embeddings is None:
        return _nothing(question)
    return d3lta_pairs(question, question.embeddings)


def _d3lta_centred(question: Question) -> Answer:
    return d3lta_pairs(question, texts_and_vectors(question)[1])


OURS = System(
    name="disinfo: LinkByMeaning",
    answer=_ours,
    about="The link stage with its defaults, on vectors centred by language in the corpus as in a "
    "run; opposed pairs are not joined.",
)
EXACT = System(
    name="[baseline] exact text",
    answer=_exact,
    about="Texts of equal normal form (case, punctuation, look-alikes, URLs and mentions folded).",
)
NOTHING = System(name="[baseline] nothing", answer=_nothing, about="No pair at all.")
D3LTA = System(
    name="D3lta rule",
    answer=_d3lta_as_given,
    about="Shipped thresholds on the vectors that every system gets. Known defects: they are meant "
    "for another model's cosines; blind to negation; components chain.",
)
D3LTA_CENTRED = System(
    name="D3lta rule, centred",
    answer=_d3lta_centred,
    about="The same on vectors centred by language in the corpus.",
)
TFIDF = System(
    name="[baseline] char TF-IDF",
    answer=_char_tfidf,
    about="Cosine of TF-IDF over runs of 3 to 5 characters, 0.5 or more.",
)
SYSTEMS = (OURS, EXACT, NOTHING, TFIDF, D3LTA, D3LTA_CENTRED, *PAIR_PEERS)
