import csv
from pathlib import Path

import numpy as np

LANGUAGES = ("en", "pl", "uk", "ru", "de")
PARALLEL = Path(__file__).parents[2] / "benchmarks" / "data" / "parallel.tsv"


def test_a_translation_is_nearer_than_any_other_post(embedding):
    with PARALLEL.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))[::4][:25]
    vectors = {code: embedding([row[code] for row in rows]) for code in LANGUAGES}
    hits = []
    for source in LANGUAGES:
        similar = np.stack([vectors[source] @ vectors[target].T for target in LANGUAGES])
        own = similar[:, np.arange(25), np.arange(25)].copy()
        similar[:, np.arange(25), np.arange(25)] = -np.inf
        best_other = similar.max(axis=(0, 2))
        hits += [own[at] > best_other for at, code in enumerate(LANGUAGES) if code != source]
    assert np.mean(hits) >= 0.97
