"""Seconds of linking beside D3lta's own matching, on the same texts, languages and vectors.

    python -m benchmarks.speed.beside_d3lta --texts 20000 --rounds 3

Needs the peer's environment (``python -m benchmarks peers build d3lta``). Two corpora of the same
size: distinct posts of a simulated election with planted messages, and D3lta's synthetic documents
repeated with variation (words left out, exchanged or added). Both systems get the library's vectors
centred on the corpus, with which D3lta's thresholds do best. They run in turn, several rounds; of
D3lta the matching alone is counted (index, matches, types), without its cleaning of texts.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.datasets import DATASETS
from benchmarks.metrics import f1, ratio
from benchmarks.peers.environments import ENVIRONMENTS
from benchmarks.scale.results import write
from benchmarks.vectors import embed_texts
from disinfo.embedding import centre_by_language
from disinfo.links import LinkByMeaning
from disinfo.simulation import Campaign, Twin, simulate
from disinfo.stages import Vectors
from disinfo.tables import APART_KINDS
from disinfo.text.language import identify

_SCRIPT = Path(__file__).parents[1] / "peers" / "scripts" / "three_delta_seconds.py"
_KINDS = ("copypasta", "reworded", "translated", "link_amplification", "hashtag_flood")
_SEED = 20_000
# Of so many posts of a simulated election five in seven are distinct texts.
_POSTS_A_TEXT = 1.45


def simulated(n: int) -> pd.DataFrame:
    """Return n distinct posts of one simulated election: text, label (the message, or missing)."""
    world = simulate(
        n_posts=int(n * _POSTS_A_TEXT),
        campaigns=tuple(Campaign(kind=kind, paraphrase=0.8) for kind in _KINDS),  # type: ignore[arg-type]
        twins=(Twin(kind="newswire"), Twin(kind="protest")),
        seed=_SEED,
    )
    posts = world.posts.merge(world.truth_posts, on="post_id")
    posts = posts[posts["repost_of"].isna()].drop_duplicates("text")
    kept = posts.sample(n, random_state=_SEED)
    return pd.DataFrame({"text": kept["text"].tolist(), "label": kept["message_id"].tolist()})


def documents(n: int) -> pd.DataFrame:
    """Return D3lta's documents, each several times with variation: text, label (the seed)."""
    table = DATASETS["d3lta_synthetic"].frame("documents.csv")
    rng = np.random.default_rng(_SEED)
    words = " ".join(table["text"]).split(" ")
    texts: dict[str, str] = dict(zip(table["text"], table["seed_id"], strict=True))
    while len(texts) < n:
        row = int(rng.integers(len(table)))
        said = table["text"].iloc[row].split(" ")
        for _ in range(int(rng.integers(1, 4))):
            place = int(rng.integers(len(said) + 1))
            how = rng.random()
            other = [] if how < 1 / 3 else [words[int(rng.integers(len(words)))]]
            said[place : place + (0 if how > 2 / 3 else 1)] = other
        texts.setdefault(" ".join(said), table["seed_id"].iloc[row])
    return pd.DataFrame({"text": list(texts), "label": list(texts.values())})


Seconds = tuple[float, float]


def ours(table: pd.DataFrame, vectors: Vectors) -> tuple[pd.DataFrame, Seconds]:
    """Return the pairs of one message that the link stage finds, and wall and CPU seconds."""
    started, worked = time.perf_counter(), time.process_time()
    links = LinkByMeaning()(table, vectors)["links"]
    seconds = time.perf_counter() - started, time.process_time() - worked
    return links[~links["kind"].isin(APART_KINDS)], seconds


def theirs(table: pd.DataFrame, vectors: Vectors) -> tuple[pd.DataFrame, dict[str, Seconds]]:
    """Return D3lta's pairs, and wall and CPU seconds of its matching and of the whole."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = table[["text_id", "text", "language"]].to_dict("list")
        (folder / "input.json").write_text(json.dumps(given), encoding="utf-8")
        np.save(folder / "embeddings.npy", vectors)
        command = [str(ENVIRONMENTS["d3lta"].python), str(_SCRIPT), name]
        subprocess.run(command, check=True, capture_output=True, cwd=name)
        answer = json.loads((folder / "output.json").read_text(encoding="utf-8"))
    seconds: dict[str, Seconds] = answer.pop("seconds")
    return pd.DataFrame(answer), seconds


def keys(table: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return one number a pair, whatever its direction."""
    ids = pd.Index(table["text_id"])
    a, b = ids.get_indexer(pairs["text_a"]), ids.get_indexer(pairs["text_b"])
    return np.unique(np.minimum(a, b) * len(table) + np.maximum(a, b))


def judged(table: pd.DataFrame, found: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, float]:
    """Return precision, recall and F1 of pairs of texts that both have a label."""
    n = len(table)
    label = pd.factorize(table["label"])[0]
    a, b = label[found // n], label[found % n]
    known = (a >= 0) & (b >= 0)
    hits = int((a == b)[known].sum())
    sizes = np.bincount(label[label >= 0])
    wrong, missed = int(known.sum()) - hits, int((sizes * (sizes - 1) // 2).sum()) - hits
    return {
        "pairs": len(found),
        "precision": round(ratio(hits, hits + wrong), 4),
        "recall": round(ratio(hits, hits + missed), 4),
        "F1": round(f1(hits, wrong, missed), 4),
    }


def _ratios(seconds: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    """Return the seconds of each round, and D3lta's matching by ours."""
    own, matching, whole = seconds.T
    ratios = matching / own
    return {
        "ours_s": [round(value, 1) for value in own.tolist()],
        "d3lta_matching_s": [round(value, 1) for value in matching.tolist()],
        "d3lta_whole_s": [round(value, 1) for value in whole.tolist()],
        "d3lta_matching_by_ours": {
            name: round(float(of(ratios)), 2)
            for name, of in (("median", np.median), ("least", np.min), ("most", np.max))
        },
    }


def compared(name: str, table: pd.DataFrame, rounds: int) -> dict[str, Any]:
    """Run both in turn on one corpus."""
    table = table.assign(
        text_id=[f"t-{row:08d}" for row in range(len(table))],
        language=identify(table["text"].tolist()),
    )
    vectors = centre_by_language(embed_texts(table["text"].tolist()), table["language"].tolist())
    ours(table.head(2000), vectors[:2000])  # load what is loaded once
    times = []
    for _ in range(rounds):
        own_pairs, own_s = ours(table, vectors)
        peer_pairs, peer_s = theirs(table, vectors)
        times.append((own_s, peer_s["matching"], peer_s["whole"]))
        print(name, times[-1], flush=True)
    own_keys, peer_keys = keys(table, own_pairs), keys(table, peer_pairs)
    return {
        "texts": len(table),
        **{
            what: _ratios(np.array(times)[:, :, place])
            for place, what in enumerate(("wall", "cpu"))
        },
        "pairs_in_common": len(np.intersect1d(own_keys, peer_keys)),
        "ours": judged(table, own_keys),
        "d3lta": judged(table, peer_keys),
    }


def main() -> None:
    """Compare on both corpora and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    results = {
        name: compared(name, make(given.texts), given.rounds)
        for name, make in (("simulated election", simulated), ("D3lta's documents", documents))
    }
    versions = {"d3lta": ENVIRONMENTS["d3lta"].version("d3lta")}
    command = (
        f"python -m benchmarks.speed.beside_d3lta --texts {given.texts} --rounds {given.rounds}"
    )
    write("beside-d3lta", command, {"peer": versions, "results": results})


if __name__ == "__main__":
    main()
