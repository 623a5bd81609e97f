"""Learn the link calibration: from similarities to the probability of "same message".

    python models/links/build.py            # e5-small-offline.json, for the default model
    python models/links/build.py static     # static.json, for the static tier

Labelled pairs come from this project's own texts: `wordings.tsv` (messages in several wordings and
languages, in topics, so that the other messages of a topic are hard negatives), the claims, copies
and paraphrases of the development sets of opposed texts, and the reference corpus of the embedding
model, whose rows are translations of one another. Each set is a corpus of its own, and all of them
together one more, so that a margin is learned in sparse and in dense surroundings. The curve of
near copies is learned on them and on simulated elections of seeds 8000 to 8003, whose grammar makes
copies with changes as accounts make them; its rewordings share templates and teach nothing about
words.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz.distance import Levenshtein
from sklearn.linear_model import LogisticRegression

from disinfo.embedding import SentenceEmbedding, StaticEmbedding, centre_by_language
from disinfo.links.background import background, sample_corpus
from disinfo.links.minhash import candidate_pairs
from disinfo.links.overlap import Runs
from disinfo.simulation import Campaign, Twin, simulate
from disinfo.text.normal import normal_form

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from benchmarks.tasks.opposition import FOLDER, SAME, read_opposed  # noqa: E402

WORDINGS = HERE / "wordings.tsv"
CORPUS = HERE.parent / "e5-small-offline" / "reference_corpus.tsv"
Embedding = SentenceEmbedding | StaticEmbedding
STAGES: dict[str, tuple[Embedding, str]] = {
    "default": (SentenceEmbedding(), "e5-small-offline.json"),
    "static": (StaticEmbedding(), "static.json"),
}
SEEDS = range(8000, 8004)
KINDS = ("copypasta", "reworded", "translated", "link_amplification", "hashtag_flood")
# Pairs below this cosine are never the question.
LOWEST_COSINE = 0.2
# Below this edit ratio nothing is a near copy.
LOWEST_LEXICAL = 0.5
# At these probabilities the checks count hits; they are the defaults of the stage.
PROBABILITY = {"reworded": 0.5, "translated": 0.8}


def own_texts() -> pd.DataFrame:
    """Return the sets of texts with message and language."""
    wordings = pd.read_csv(WORDINGS, sep="\t", dtype="str", quoting=3).assign(set="wordings")
    table = pd.read_csv(CORPUS, sep="\t", dtype="str")
    parts = [
        pd.DataFrame(
            {"text": table[name], "language": name, "message": [f"r{i}" for i in table.index]}
        )
        for name in table.columns
        if len(name) == 2
    ]
    reference = pd.concat(parts).assign(set="reference")
    opposed = []
    for name in ("development", "development_2"):
        texts = read_opposed(FOLDER / f"{name}.tsv")
        opposed.append(texts[texts["wording"].isin(("claim", *SAME))].assign(set=name))
    columns = ["set", "message", "language", "text"]
    every = pd.concat([wordings, reference, *opposed], ignore_index=True)[columns]
    return every.drop_duplicates("text", ignore_index=True)


def labelled_pairs(texts: pd.DataFrame, embed: Embedding) -> pd.DataFrame:
    """Return the pairs of one set with margin, overlap, edit ratio and label."""
    language = texts["language"].to_numpy()
    vectors = embed(texts["text"].tolist())
    vectors = centre_by_language(vectors, language.tolist())
    sample = sample_corpus(vectors, texts["text"].to_numpy())
    level = background(vectors, sample)
    cosine = vectors @ vectors.T
    a, b = np.nonzero(np.triu(cosine >= LOWEST_COSINE, 1))
    normal = [normal_form(text) for text in texts["text"]]
    message = texts["message"].to_numpy()
    return pd.DataFrame(
        {
            "margin": cosine[a, b] - (level[a] + level[b]) / 2,
            "overlap": Runs.of(normal, sample).overlaps(a, b),
            "lexical": _edit_ratios(normal, a, b),
            "language_a": language[a],
            "language_b": language[b],
            "same": message[a] == message[b],
        }
    )


def simulated_copies() -> pd.DataFrame:
    """Return candidate near copies of worlds made for this purpose, with edit ratio and label."""
    parts = []
    for seed in SEEDS:
        world = simulate(
            n_posts=4000,
            campaigns=tuple(Campaign(kind=kind, paraphrase=0.8) for kind in KINDS),
            twins=(Twin(kind="newswire"), Twin(kind="protest")),
            seed=seed,
        )
        posts = world.posts.merge(world.truth_posts, on="post_id").dropna(subset=["text"])
        posts = posts.drop_duplicates("text").sort_values("text")
        message = posts["message_id"].fillna(posts["post_id"]).to_numpy()
        normal = [normal_form(text) for text in posts["text"]]
        a, b, _ = candidate_pairs(normal)
        same = message[a] == message[b]
        parts.append(pd.DataFrame({"lexical": _edit_ratios(normal, a, b), "same": same}))
    return pd.concat(parts)


def _edit_ratios(normal: list[str], a: np.ndarray, b: np.ndarray) -> list[float]:
    ratio = Levenshtein.normalized_similarity
    return [ratio(normal[i], normal[j]) for i, j in zip(a.tolist(), b.tolist(), strict=True)]


def fit(pairs: pd.DataFrame, columns: tuple[str, ...]) -> dict[str, float]:
    """Fit a logistic curve on the columns; what is not used gets a coefficient of 0."""
    model = LogisticRegression(C=100.0, max_iter=1000)
    model.fit(pairs[list(columns)], pairs["same"])
    found = dict(zip(columns, model.coef_[0].tolist(), strict=True))
    names = ("margin", "overlap", "lexical")
    curve = {name: round(max(float(found.get(name, 0.0)), 0.0), 3) for name in names}
    return {"intercept": round(float(model.intercept_[0]), 3), **curve}


def meaning_curves(pairs: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the curves of rewordings and of translations."""
    one = pairs["language_a"] == pairs["language_b"]
    return {
        "reworded": fit(pairs[one], ("margin", "overlap")),
        "translated": fit(pairs[~one], ("margin",)),
    }


def check(train: pd.DataFrame, test: pd.DataFrame) -> dict[str, float]:
    """Fit on some pairs and count on others."""
    curves = meaning_curves(train)
    one = (test["language_a"] == test["language_b"]).to_numpy()
    linked = np.zeros(len(test), dtype=bool)
    for kind, rows in (("reworded", one), ("translated", ~one)):
        curve = curves[kind]
        part = sum(curve[name] * test[name].to_numpy() for name in ("margin", "overlap"))
        chance = 1 / (1 + np.exp(-(curve["intercept"] + part)))
        linked[rows] = (chance >= PROBABILITY[kind])[rows]
    hits = int((linked & test["same"]).sum())
    return {
        "pairs": int(test["same"].sum()),
        "recall": round(hits / max(int(test["same"].sum()), 1), 3),
        "precision": round(hits / max(int(linked.sum()), 1), 3),
    }


def checks(sets: dict[str, pd.DataFrame]) -> dict[str, dict[str, float]]:
    """Leave out each language, and each set, in turn."""
    everything = pd.concat(sets.values())
    found = {}
    for language in sorted(set(sets["wordings"]["language_a"])):
        out = (everything["language_a"] == language) | (everything["language_b"] == language)
        found[f"without {language}"] = check(everything[~out], everything[out])
    for name, pairs in sets.items():
        if name == "all":
            continue
        others = pd.concat([part for other, part in sets.items() if other not in (name, "all")])
        if others["same"][others["language_a"] == others["language_b"]].sum() >= 10:
            found[f"without {name}"] = check(others, pairs)
    return found


def main() -> None:
    """Learn the curves and write the card."""
    parser = argparse.ArgumentParser(description="Learn the link calibration of an embedding.")
    parser.add_argument("embedding", nargs="?", choices=list(STAGES), default="default")
    embed, file = STAGES[parser.parse_args().embedding]
    texts = own_texts()
    sets = {name: labelled_pairs(part, embed) for name, part in texts.groupby("set", sort=True)}
    sets["all"] = labelled_pairs(texts, embed)
    pairs = pd.concat(sets.values())
    copies = pd.concat([simulated_copies(), pairs[pairs["language_a"] == pairs["language_b"]]])
    copies = copies[copies["lexical"] >= LOWEST_LEXICAL]
    card = {
        "calibrated_for": embed.model_id,
        "statement": (
            f"{len(texts)} texts of {texts['message'].nunique()} messages: "
            f"{int(pairs['same'].sum())} pairs of one message, "
            f"{int((~pairs['same']).sum())} others with a cosine of "
            f"{LOWEST_COSINE} or more; near copies also on simulated elections of seeds "
            f"{SEEDS.start} to {SEEDS.stop - 1}"
        ),
        "curves": {"near": fit(copies, ("lexical",)), **meaning_curves(pairs)},
        "checks": checks(sets),
    }
    (HERE / file).write_text(json.dumps(card, indent=1) + "\n")
    print(json.dumps(card, indent=1))


if __name__ == "__main__":
    main()
