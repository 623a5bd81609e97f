import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erf

from disinfo.embedding.offline_build import default_model_folder
from disinfo.embedding.onnx_encoder import equal_length_batches, load_onnx_encoder


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(1, 512), max_size=60), st.integers(1, 2_000))
def test_batches_hold_every_row_once_and_one_length_each(lengths, size):
    counts = np.array(lengths, np.int64)
    batches = equal_length_batches(counts, size)
    assert sorted(row for batch in batches for row in batch.tolist()) == list(range(len(lengths)))
    for batch in batches:
        assert len(set(counts[batch].tolist())) == 1
        assert len(batch) == 1 or counts[batch].sum() <= size


def _norm(model, name, x):
    centred = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + model.epsilon)
    return centred / deviation * model.vector(f"{name}.w") + model.vector(f"{name}.b")


def _dense(model, name, x):
    weights = model.matrix(f"{name}.w", inputs=x.shape[-1])
    return x @ weights.T + model.vector(f"{name}.b")


def _plain_bert(model, ids):
    """BERT for one text, as in the paper, in floating point."""
    size, heads = model.hidden, model.heads
    x = (
        model.matrix("emb.word", inputs=size)[ids]
        + model.matrix("emb.pos", inputs=size)[: len(ids)]
    )
    x = _norm(model, "emb.ln", x + model.matrix("emb.type", inputs=size)[0])
    for layer in range(model.layers):
        name = f"l{layer}."
        q, k, v = (
            _dense(model, name + part, x).reshape(len(ids), heads, -1).swapaxes(0, 1)
            for part in "qkv"
        )
        scores = q @ k.swapaxes(1, 2) / np.sqrt(size / heads)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        mixed = (weights @ v).swapaxes(0, 1).reshape(len(ids), size)
        x = _norm(model, name + "aln", x + _dense(model, name + "ao", mixed))
        wide = _dense(model, name + "fi", x)
        wide = wide * 0.5 * (1 + erf(wide / np.sqrt(2)))
        x = _norm(model, name + "oln", x + _dense(model, name + "fo", wide))
    pooled = x.mean(axis=0)
    return pooled / np.linalg.norm(pooled)


def test_the_graph_is_bert_with_mean_pooling(tiny_build, tiny_model):
    encoder = load_onnx_encoder(default_model_folder(tiny_build))
    texts = ["the dog", "the cats", "dog dogs cat the the cat", "", "the Ж"]
    vectors = encoder(texts, batch_tokens=64, threads=1)
    for text, vector in zip(texts, vectors, strict=True):
        expected = _plain_bert(tiny_model, encoder.tokenizer.encode(text).ids)
        assert vector @ expected > 0.998


def test_no_texts_give_no_rows(tiny_build):
    encoder = load_onnx_encoder(default_model_folder(tiny_build))
    assert encoder([], batch_tokens=64, threads=2).shape[0] == 0
