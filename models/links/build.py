"""Learn the link calibration: from similarities to the probability of "same message".

    python models/links/build.py

Labelled pairs come from two places of this project's own: simulated elections, in which every post
names the message that it words (seeds 8000 to 8003, used for nothing else), and the reference
corpus of the embedding model, whose rows are translations of one another. Negative pairs are all
other pairs that come near; debunks against the claim that they refute are left out: opposition is
decided by words, not by similarity.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz.distance import Levenshtein
from sklearn.linear_model import LogisticRegression

from disinfo.embedding import SentenceEmbedding, centre_by_language
from disinfo.simulation import Campaign, Twin, simulate
from disinfo.text.language import identify
from disinfo.text.normal import normal_form

HERE = Path(__file__).parent
CORPUS = HERE.parent / "e5-small-offline" / "reference_corpus.tsv"
SEEDS = range(8000, 8004)
KINDS = ("copypasta", "reworded", "translated", "link_amplification", "hashtag_flood")
# Pairs below this cosine are never the question.
LOWEST_COSINE = 0.15
# Of other pairs, so many a world are drawn and weighted up.
MAX_PAIRS = 400_000


def simulated_texts() -> pd.DataFrame:
    """Return distinct texts with their message, from worlds made for this purpose."""
    parts = []
    for seed in SEEDS:
        world = simulate(
            n_posts=4000,
            campaigns=tuple(Campaign(kind=kind, paraphrase=0.8) for kind in KINDS),
            twins=(Twin(kind="newswire"), Twin(kind="protest")),
            seed=seed,
        )
        posts = world.posts.merge(world.truth_posts, on="post_id")
        parts.append(posts[["text", "message_id", "opposes"]].assign(world=seed))
    frame = pd.concat(parts).dropna(subset=["text"]).drop_duplicates("text")
    lone = frame["message_id"].isna()
    frame.loc[lone, "message_id"] = [f"own-{number}" for number in range(int(lone.sum()))]
    return frame


def corpus_texts() -> pd.DataFrame:
    """Return the reference corpus: one message a row, one wording a language."""
    table = pd.read_csv(CORPUS, sep="\t", dtype="str")
    languages = [name for name in table.columns if len(name) == 2]
    parts = [
        pd.DataFrame({"text": table[name], "message_id": [f"ref-{i}" for i in range(len(table))]})
        for name in languages
    ]
    return pd.concat(parts).assign(opposes=pd.NA, world=-1)


def labelled_pairs(texts: pd.DataFrame) -> pd.DataFrame:
    """Return near pairs with cosine, edit ratio, kind and label."""
    language = np.array(identify(texts["text"].tolist()))
    vectors = SentenceEmbedding()(texts["text"].tolist())
    for world in sorted(set(texts["world"])):
        inside = np.flatnonzero(texts["world"].to_numpy() == world)
        vectors[inside] = centre_by_language(vectors[inside], language[inside].tolist())
    message = texts["message_id"].to_numpy()
    opposes = texts["opposes"].fillna("").to_numpy()
    rows = []
    rng = np.random.default_rng(0)
    for world in sorted(set(texts["world"])):
        inside = np.flatnonzero(texts["world"].to_numpy() == world)
        cosine = vectors[inside] @ vectors[inside].T
        first, second = np.nonzero(np.triu(cosine >= LOWEST_COSINE, 1))
        if len(first) > MAX_PAIRS:
            same = message[inside[first]] == message[inside[second]]
            others = np.flatnonzero(~same)
            drawn = (
                rng.choice(others, MAX_PAIRS, replace=False) if len(others) > MAX_PAIRS else others
            )
            keep = np.sort(np.concatenate([np.flatnonzero(same), drawn]))
            weight = np.where(same[keep], 1.0, len(others) / len(drawn))
            first, second = first[keep], second[keep]
        else:
            weight = np.ones(len(first))
        a, b = inside[first], inside[second]
        rows.append(
            pd.DataFrame(
                {
                    "a": a,
                    "b": b,
                    "cosine": cosine[first, second],
                    "same_language": language[a] == language[b],
                    "same_message": message[a] == message[b],
                    "refutes": (opposes[a] == message[b]) | (opposes[b] == message[a]),
                    "weight": weight,
                }
            )
        )
    pairs = pd.concat(rows, ignore_index=True)
    pairs = pairs[~pairs["refutes"]]
    normal = [normal_form(text) for text in texts["text"]]
    pairs["lexical"] = [
        Levenshtein.normalized_similarity(normal[a], normal[b])
        for a, b in zip(pairs["a"], pairs["b"], strict=True)
    ]
    return pairs


def fit(pairs: pd.DataFrame, columns: tuple[str, ...]) -> dict[str, float]:
    """Fit a logistic curve on the columns; what is not used gets a coefficient of 0."""
    model = LogisticRegression(C=100.0, max_iter=1000)
    model.fit(pairs[list(columns)], pairs["same_message"], sample_weight=pairs["weight"])
    found = dict(zip(columns, model.coef_[0].round(3).tolist(), strict=True))
    return {
        "intercept": round(float(model.intercept_[0]), 3),
        "cosine": max(found.get("cosine", 0.0), 0.0),
        "lexical": max(found.get("lexical", 0.0), 0.0),
    }


def main() -> None:
    """Learn the curves and write the card."""
    texts = pd.concat([simulated_texts(), corpus_texts()], ignore_index=True)
    pairs = labelled_pairs(texts)
    one = pairs[pairs["same_language"]]
    card = {
        "calibrated_for": SentenceEmbedding().model_id,
        "statement": (
            f"{len(texts)} texts: simulated elections of seeds {SEEDS.start} to {SEEDS.stop - 1} "
            f"and the reference corpus; {int(pairs['same_message'].sum())} pairs of one message, "
            f"{int(pairs.loc[~pairs['same_message'], 'weight'].sum())} others with a cosine of "
            f"{LOWEST_COSINE} or more"
        ),
        "curves": {
            "near": fit(one[one["lexical"] >= 0.5], ("lexical",)),
            "reworded": fit(one[one["lexical"] < 0.8], ("cosine", "lexical")),
            "translated": fit(pairs[~pairs["same_language"]], ("cosine",)),
        },
    }
    (HERE / "e5-small-offline.json").write_text(json.dumps(card, indent=1) + "\n")
    for kind, curve in card["curves"].items():
        print(kind, curve)


if __name__ == "__main__":
    main()
