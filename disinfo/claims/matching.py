"""Which texts and narratives repeat or oppose known claims, in any language."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.claims.shared_words import SharedWords
from disinfo.claims.source import STAGE, ClaimSource, read_claims
from disinfo.embedding import SentenceEmbedding, centre_by_language
from disinfo.errors import ParameterError, raise_all
from disinfo.result import Result
from disinfo.stages import Embed, Vectors, check_embeddings
from disinfo.text.language import identify
from disinfo.text.normal import normal_form, readable
from disinfo.text.opposition import opposed, stance

# Similarities held in memory at a time: 80 MB for each kind of evidence.
_CELLS = 10_000_000
# What the cosine to the claim, the cosine to the title of its check and the shared words weigh:
# a conditional logit on the 800 tweets of the train part of CLEF 2020 CheckThat!, rounded.
_CLAIM, _TITLE, _WORDS = 1.0, 0.55, 0.75


@dataclass(frozen=True, kw_only=True)
class ClaimMatches:
    """The claims nearest to each text and to each narrative.

    Parameters
    ----------
    texts
        The `claim_matches` table.
    narratives
        The `narrative_claims` table.
    dropped
        Claims that could not be used, and texts to which no claim is near.
    """

    texts: pd.DataFrame
    narratives: pd.DataFrame
    dropped: pd.DataFrame


def match_claims(
    result: Result,
    claims: ClaimSource,
    *,
    top: int = 5,
    min_similarity: float = 0.32,
    embed: Embed | None = None,
) -> ClaimMatches:
    """Find the known claims that texts and narratives repeat or oppose.

    Parameters
    ----------
    result
        A result; its texts are compared, each distinct one once.
    claims
        Claims, or a file of them, as `read_claims` takes them.
    top
        At most so many claims a text and a narrative.
    min_similarity
        Lowest similarity of a match, in [0, 1).
    embed
        The embedding; the default one if not given. Texts embedded before come from its cache.

    Returns
    -------
    ClaimMatches
        ``texts``: text_id, claim_id, rank, similarity, direction; ``narratives``: the same by
        narrative, with the number of its texts that are near to the claim; ``dropped``.

    Raises
    ------
    ParameterError
        When a parameter is out of its range.
    InputError
        When the claims cannot be read.

    Notes
    -----
    `similarity` is a weighted mean of three pieces of evidence: the cosine of text and claim (1),
    that of text and title of the check (.55), each side centred on its own average; and the rare
    words that they share (.75; BM25, brought into 0 … 1). A claim without a title is its own. The
    weights were learned on other tweets. It ranks and is no probability; a match is a pointer for
    a person to read.
    Every text has a nearest claim: the longer the list, the more near misses lie above
    `min_similarity`, whose default is set so that most are left out.

    A narrative's similarity is the mean over its texts, with 0 for those to which the claim is not
    near. Time and memory grow with texts times claims; blocks keep the memory constant.

    `direction` is "opposes" where text and claim pass the test by which links are opposed: one
    refutes and the other does not, or one is the negation of the other. Fails on irony, and on a
    debunk without a word of refutation, which then reads as a repetition.

    Examples
    --------
    >>> import disinfo
    >>> posts = [{"text": "BREAKING: the old bridge in Torun has been closed by the army!"},
    ...     {"text": "What a lovely morning, coffee first"}]
    >>> known = [{"claim_id": "1", "text": "The army closed the old bridge in Torun"}]
    >>> found = match_claims(disinfo.detect(posts, progress=False), known)
    >>> found.texts[["claim_id", "rank", "direction"]].to_dict("records")
    [{'claim_id': '1', 'rank': 1, 'direction': 'repeats'}]
    """
    problems = []
    if top < 1:
        problems.append(f"top must be at least 1, not {top}")
    if not 0 <= min_similarity < 1:
        problems.append(f"min_similarity must be in [0, 1), not {min_similarity}")
    raise_all(problems, ParameterError, "match_claims")
    known = read_claims(claims)
    texts = result.texts
    if texts.empty or known.table.empty:
        pairs = _no_pairs()
    else:
        scorer = _Evidence(known.table, texts, embed or SentenceEmbedding())
        pairs = _best(scorer, top, min_similarity)
    found = _with_directions(pairs, texts, known.table)
    lone = texts.loc[~texts["text_id"].isin(found["text_id"]), "text_id"]
    example = str(lone.iloc[0]) if len(lone) else None
    counts = {f"no claim of similarity {min_similarity}: text left out": (len(lone), example)}
    dropped = pd.concat([known.dropped, tables.dropped_rows(STAGE, counts)], ignore_index=True)
    return ClaimMatches(
        texts=tables.CLAIM_MATCHES.check(found),
        narratives=_by_narrative(found, result.membership, top),
        dropped=tables.DROPPED.check(dropped),
    )


class _Evidence:
    """What speaks for each pair of text and claim, in blocks of texts."""

    def __init__(self, claims: pd.DataFrame, texts: pd.DataFrame, embed: Embed) -> None:
        self.n_texts, self.n_claims = len(texts), len(claims)
        self._readable = [readable(text) for text in texts["text"]]
        titles = claims["title"] if "title" in claims else pd.Series(None, index=claims.index)
        fields = [claims["text"], titles.where(titles.notna(), claims["text"])]
        if titles.isna().all():
            fields = fields[:1]
        joined = claims["text"] if len(fields) == 1 else fields[0] + " " + fields[1]
        self._words = SharedWords([readable(text) for text in joined])
        # Each side is centred on itself: what all posts share, or all claims, tells none apart.
        self._texts = _centred(embed, texts["text"].tolist(), texts["language"].tolist())
        self._claims = [_centred(embed, field.tolist(), None) for field in fields]

    def similarity(self, rows: slice) -> NDArray[np.float64]:
        """Return the similarities of a block of texts to all claims."""
        asked = self._texts[rows]
        claim, title = self._claims[0], self._claims[-1]
        words = self._words.scores(self._readable[rows])
        mixed: NDArray[np.float64] = (
            _CLAIM * np.clip(asked @ claim.T, 0.0, 1.0)
            + _TITLE * np.clip(asked @ title.T, 0.0, 1.0)
            + _WORDS * words
        ) / (_CLAIM + _TITLE + _WORDS)
        return mixed


def _centred(embed: Embed, texts: list[str], languages: list[str] | None) -> Vectors:
    vectors = check_embeddings(embed(texts), len(texts))
    return centre_by_language(vectors, languages or identify(texts))


def _no_pairs() -> pd.DataFrame:
    none = np.empty(0, dtype=np.int64)
    return pd.DataFrame({"text": none, "claim": none, "rank": none, "similarity": none * 1.0})


def _best(evidence: _Evidence, top: int, floor: float) -> pd.DataFrame:
    """Return the nearest claims of each text, as row numbers; ties go to the smaller claim id."""
    parts = []
    block = max(1, _CELLS // evidence.n_claims)
    for start in range(0, evidence.n_texts, block):
        # Rounded, so that equal evidence is a tie whatever the order of summation.
        scores = evidence.similarity(slice(start, start + block)).round(6)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :top]
        values = np.take_along_axis(scores, best, axis=1)
        rows, place = np.nonzero(values >= max(floor, 1e-6))
        parts.append(
            pd.DataFrame(
                {
                    "text": start + rows,
                    "claim": best[rows, place],
                    "rank": place + 1,
                    "similarity": values[rows, place],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _with_directions(
    pairs: pd.DataFrame, texts: pd.DataFrame, claims: pd.DataFrame
) -> pd.DataFrame:
    from rapidfuzz.distance import Levenshtein

    languages = identify(claims["text"].tolist()) if len(pairs) else []
    directions = []
    for row, claim in zip(pairs["text"].tolist(), pairs["claim"].tolist(), strict=True):
        post, said = texts["text"].iloc[row], claims["text"].iloc[claim]
        language, other = str(texts["language"].iloc[row]), languages[claim]
        against = opposed(
            stance(readable(post), language),
            stance(readable(said), other),
            same_language=language == other,
            lexical_similarity=Levenshtein.normalized_similarity(
                normal_form(post), normal_form(said)
            ),
        )
        directions.append("opposes" if against else "repeats")
    return pd.DataFrame(
        {
            "text_id": texts["text_id"].to_numpy()[pairs["text"]],
            "claim_id": claims["claim_id"].to_numpy()[pairs["claim"]],
            "rank": pairs["rank"].to_numpy(),
            "similarity": pairs["similarity"].to_numpy(),
            "direction": directions,
        }
    )


def _by_narrative(found: pd.DataFrame, membership: pd.DataFrame, top: int) -> pd.DataFrame:
    """Average the matches over the texts of each narrative."""
    if found.empty:
        return tables.NARRATIVE_CLAIMS.empty()
    n_texts = membership.groupby("narrative_id")["text_id"].nunique()
    joined = found.merge(membership[["text_id", "narrative_id"]], on="text_id")
    joined["against"] = joined["similarity"].where(joined["direction"] == "opposes", 0.0)
    grouped = joined.groupby(["narrative_id", "claim_id"], as_index=False).agg(
        total=("similarity", "sum"), against=("against", "sum"), n_texts=("text_id", "nunique")
    )
    grouped["similarity"] = (grouped["total"] / grouped["narrative_id"].map(n_texts)).round(6)
    opposes = 2 * grouped["against"] > grouped["total"]
    grouped["direction"] = np.where(opposes, "opposes", "repeats")
    ordered = grouped.sort_values(
        ["narrative_id", "similarity", "claim_id"], ascending=[True, False, True], kind="stable"
    )
    ordered["rank"] = ordered.groupby("narrative_id").cumcount() + 1
    return tables.NARRATIVE_CLAIMS.check(ordered[ordered["rank"] <= top])
