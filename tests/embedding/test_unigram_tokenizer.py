import pytest
from tokenizers import Tokenizer

from disinfo.embedding.offline_build import TOKENIZER_FILE
from disinfo.embedding.package_weights import find_packed_file, read_packed_file
from disinfo.embedding.unigram_tokenizer import unigram_tokenizer


@pytest.fixture(scope="module")
def tokenizer(default_folder):
    return Tokenizer.from_file(str(default_folder / TOKENIZER_FILE))


def test_words_are_cut_into_the_longest_likely_pieces(tiny_model):
    tokens = unigram_tokenizer(tiny_model).encode("the  dogs").tokens
    assert tokens == ["<s>", "▁the", "▁dog", "s", "</s>"]


def test_what_is_not_in_the_vocabulary_is_unknown(tiny_model):
    assert unigram_tokenizer(tiny_model).encode("the Ж").ids == [0, 5, 4, 3, 2]


def test_long_texts_end_after_512_tokens(tiny_model):
    ids = unigram_tokenizer(tiny_model).encode("dog " * 600).ids
    assert (len(ids), ids[0], ids[-1]) == (512, 0, 2)


def test_known_pieces_of_the_default_model(tokenizer):
    encoding = tokenizer.encode("query: Hello world")
    assert encoding.ids == [0, 41, 1294, 12, 35378, 8999, 2]


def test_normaliser_agrees_with_the_packed_map_on_every_code_point(tokenizer):
    mapped = read_packed_file(find_packed_file()).normaliser
    normalise = tokenizer.normalizer.normalize_str
    assert len(mapped) > 4_000
    assert {code: normalise(chr(code)) for code in mapped} == dict(mapped)


def test_vocabulary_is_whole(tokenizer):
    assert tokenizer.get_vocab_size() == 250_002
