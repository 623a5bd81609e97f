"""Texts to unit vectors: the default model, the static tier, any other model, centring, cache."""

from __future__ import annotations

from disinfo.embedding.cascade import CascadeEmbedding
from disinfo.embedding.choice import EmbeddingBySize, embed, make_embedding
from disinfo.embedding.corpus_centring import (
    centre_by_language,
    corpus_means,
    decode_means,
    encode_means,
    subtract_means,
)
from disinfo.embedding.offline_build import default_model_folder
from disinfo.embedding.sentence_embedding import SentenceEmbedding
from disinfo.embedding.static_build import build_static
from disinfo.embedding.static_embedding import StaticEmbedding

__all__ = [
    "CascadeEmbedding",
    "EmbeddingBySize",
    "SentenceEmbedding",
    "StaticEmbedding",
    "build_static",
    "centre_by_language",
    "corpus_means",
    "decode_means",
    "default_model_folder",
    "embed",
    "encode_means",
    "make_embedding",
    "subtract_means",
]
