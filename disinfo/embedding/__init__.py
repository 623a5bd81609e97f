"""Texts to unit vectors: the default model, any other one, centring and the cache of vectors."""

from __future__ import annotations

from disinfo.embedding.corpus_centring import centre_by_language
from disinfo.embedding.offline_build import default_model_folder
from disinfo.embedding.sentence_embedding import SentenceEmbedding, embed

__all__ = ["SentenceEmbedding", "centre_by_language", "default_model_folder", "embed"]
