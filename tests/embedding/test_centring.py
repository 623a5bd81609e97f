import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.embedding import SentenceEmbedding, centring
from disinfo.embedding.centring import (
    ReferenceMeans,
    compute_means,
    reference_corpus,
    shipped_means,
)
from disinfo.errors import ModelError
from disinfo.model_files import model_file

LANGUAGES = {"en", "pl", "uk", "ru", "de", "fr", "es", "it", "cs", "ro", "pt", "tr"}
PARALLEL = Path(__file__).parents[2] / "benchmarks" / "data" / "parallel.tsv"


def test_the_corpus_says_eighty_different_things_in_twelve_languages():
    corpus = reference_corpus()
    assert set(corpus) == LANGUAGES
    for texts in corpus.values():
        assert len(set(texts)) == len(texts) >= 80


def test_the_corpus_shares_no_post_with_the_test_set():
    with PARALLEL.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        tested = {text for row in rows for text in row.values()}
    assert not tested & {text for texts in reference_corpus().values() for text in texts}


def test_the_shipped_means_come_from_the_shipped_corpus(embedding):
    shipped = shipped_means(embedding.model_id).by_language
    assert set(shipped) == LANGUAGES
    raw = SentenceEmbedding(cache_dir=False, centre=False)
    for language in ("tr", "uk"):
        mean = raw(reference_corpus()[language]).mean(axis=0)
        np.testing.assert_allclose(shipped[language], mean, atol=1e-3)


def test_means_are_taken_language_by_language():
    def by_script(texts):
        cyrillic = [any("а" <= char <= "я" for char in text.lower()) for text in texts]
        return np.array([[1, 0] if one else [0, 1] for one in cyrillic], np.float32)

    means = compute_means(by_script).by_language
    assert means["uk"].tolist() == means["ru"].tolist() == [1, 0]
    assert means["en"].tolist() == means["tr"].tolist() == [0, 1]


def test_damaged_or_foreign_means_are_refused(tmp_path, monkeypatch, embedding):
    folder = tmp_path / "means"
    shutil.copytree(model_file("e5-small-offline"), folder)
    monkeypatch.setattr(centring, "model_file", lambda name: folder)
    read = shipped_means.__wrapped__
    assert read(embedding.model_id).by_language
    with pytest.raises(ModelError, match="belong to"):
        read("another@1/float32")
    raw = bytearray((folder / "reference_means.npy").read_bytes())
    raw[-1] ^= 1
    (folder / "reference_means.npy").write_bytes(raw)
    with pytest.raises(ModelError, match="checksum"):
        read(embedding.model_id)
    (folder / "reference_means.json").write_text(json.dumps({}), encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be read"):
        read(embedding.model_id)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_centred_rows_are_unit_and_do_not_see_each_other(seed, n):
    random = np.random.default_rng(seed)
    means = ReferenceMeans(
        by_language={code: random.normal(size=16) * 0.2 for code in ("en", "pl")}
    )
    vectors = random.normal(size=(n, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    languages = random.choice(["en", "pl", "und", "sw"], n).tolist()
    before = vectors.copy()
    centred = means.centre(vectors, languages)
    assert (vectors == before).all()
    np.testing.assert_allclose(np.linalg.norm(centred, axis=1), 1, atol=1e-6)
    for row in range(n):
        alone = means.centre(vectors[row : row + 1], languages[row : row + 1])
        assert (alone == centred[row]).all()


def test_a_language_without_a_mean_uses_the_mean_of_the_means():
    means = ReferenceMeans(by_language={"en": np.array([0.4, 0.0]), "pl": np.array([0.0, 0.4])})
    row = np.array([[0.6, 0.8]], np.float32)
    expected = np.array([0.4, 0.6]) / np.hypot(0.4, 0.6)
    for language in ("und", "sw"):
        np.testing.assert_allclose(means.centre(row, [language])[0], expected, atol=1e-6)


def test_a_row_that_is_its_mean_stays_a_unit_row():
    means = ReferenceMeans(by_language={"en": np.array([0.6, 0.8])})
    row = np.array([[0.6, 0.8]], np.float32)
    assert (means.centre(row, ["en"]) == row).all()
