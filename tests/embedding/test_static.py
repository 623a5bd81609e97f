"""The static tier, on a tiny table: building, resuming, looking up, and what goes wrong."""

import json
import sys
import types

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from disinfo import cli, testing
from disinfo.embedding import (
    EmbeddingBySize,
    SentenceEmbedding,
    StaticEmbedding,
    build_static,
    embed,
    make_embedding,
    static_build,
    static_table,
)
from disinfo.embedding.static_encoder import StaticEncoder
from disinfo.embedding.static_table import open_table, table_folder, unfinished_folder
from disinfo.embedding.static_words import keys, latin, spelled, words
from disinfo.errors import InputError, MissingExtraError, ModelError, ParameterError

WIDTH = 32
MEANINGS = ("bridge", "closed", "dog", "and", "soup", "village", "morning", "water")
WORDS = {
    "en": ("bridge", "closed", "dog", "and", "soup", "village", "morning", "water"),
    "pl": ("most", "zamknięty", "pies", "i", "zupa", "wieś", "ranek", "woda"),
    "uk": ("міст", "закритий", "пес", "і", "суп", "село", "ранок", "вода"),
}
CONFIG = {
    "languages": list(WORDS),
    "words_per_language": 8,
    "words_per_part": 3,
    "carrier": {"en": "say {}", "pl": "powiedz {}", "uk": "скажи {}"},
    "pivots": ["en", "pl"],
    "pivot_words": 8,
    "rarity": 0.003,
    "trust_power": 0.5,
}


class Teacher:
    """Gives each meaning a direction, each language a corner; counts what it is asked."""

    def __init__(self, limit=None):
        random = np.random.default_rng(5)
        self.meaning = random.standard_normal((len(MEANINGS), WIDTH))
        self.corner = 3 * random.standard_normal((len(WORDS), WIDTH))
        self.asked = []
        self.limit = limit

    def __call__(self, listed):
        if self.limit is not None and len(self.asked) + len(listed) > self.limit:
            raise OSError(28, "No space left on device")
        self.asked += listed
        rows = [
            self.meaning[WORDS[language].index(word)] + self.corner[at]
            for word in (text.split()[-1] for text in listed)
            for at, language in enumerate(WORDS)
            if word in WORDS[language]
        ]
        found = np.array(rows, np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture
def tiny(monkeypatch):
    """Make the static model a tiny one, with word lists that need no package."""
    module = types.ModuleType("wordfreq")
    module.get_frequency_dict = lambda language, wordlist: (
        {word: 10.0 ** -(1 + rank) for rank, word in enumerate(WORDS[language])} | {"2025": 0.5}
    )
    monkeypatch.setitem(sys.modules, "wordfreq", module)
    monkeypatch.setattr(static_build, "configuration", lambda: CONFIG)
    monkeypatch.setattr(static_table, "configuration", lambda: CONFIG)
    monkeypatch.setattr(static_build, "version", lambda name: "0")


@pytest.fixture
def built(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("DISINFO_CACHE", str(tmp_path / "cache"))
    return build_static(teacher=Teacher(), progress=False)


def test_a_word_lies_by_its_translation(built):
    encoder = StaticEncoder(table=open_table())
    polish = encoder(list(WORDS["pl"]), ["pl"] * 8)
    ukrainian = encoder(list(WORDS["uk"]), ["uk"] * 8)
    assert ((polish @ ukrainian.T).argmax(axis=1) == np.arange(8)).all()


def test_rare_words_weigh_more(built):
    encoder = StaticEncoder(table=open_table())
    lengths = np.linalg.norm(encoder.word_vectors(["bridge", "water"], "en"), axis=1)
    assert lengths[0] == pytest.approx(0.003 / 0.103, rel=0.02)
    assert lengths[1] == pytest.approx(1.0, rel=0.02)


def test_inflected_words_go_by_their_stem_and_unknown_ones_by_their_spelling(built):
    encoder = StaticEncoder(table=open_table())
    known, inflected, name, respelled, other = encoder.word_vectors(
        ["bridge", "bridges", "lindau", "lindaus", "kovalenko"], "en"
    )
    cosine = lambda a, b: float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))  # noqa: E731
    assert cosine(known, inflected) == pytest.approx(1.0)
    assert cosine(name, respelled) > 0.6 > 0.4 > cosine(name, other)
    cyrillic = encoder.word_vectors(["ліндау"], "uk")[0]
    assert cosine(name, cyrillic) == pytest.approx(1.0, abs=1e-6)
    parts = encoder.word_vectors(["dog's"], "en")[0]
    assert cosine(parts, encoder.word_vectors(["dog"], "en")[0]) > 0.5


def test_the_stage_passes_its_kit(built):
    testing.check_embed(StaticEmbedding())


@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_text_has_a_unit_vector_of_its_own(texts):
    table = static_table.WordTable(
        model_id="x",
        languages=("en",),
        vectors=np.ones((1, WIDTH), np.int8),
        sorted_keys=keys(["dog"], "en"),
        row_of=np.zeros(1, np.int32),
        weights=np.ones(1, np.float32),
    )
    encoder = StaticEncoder(table=table)
    together = encoder(texts, ["en"] * len(texts))
    assert together.shape == (len(texts), WIDTH)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-4)
    for row, text in enumerate(texts):
        assert np.array_equal(together[row], encoder([text], ["en"])[0])


def test_an_emoji_nothing_and_a_language_without_words_have_vectors(built):
    japanese = ["橋は閉鎖されています", "橋は閉鎖されました"]
    vectors = StaticEmbedding()(["👍", "👍", "👎", "", *japanese])
    assert np.array_equal(vectors[0], vectors[1])
    assert vectors[0] @ vectors[2] < 0.9
    assert vectors[4] @ vectors[5] > 0.5 > vectors[4] @ vectors[0]


def test_a_language_with_three_posts_keeps_its_vectors(built):
    posts = ["The bridge is closed", "Water and soup in the village", "Good morning, dog"]
    alone = StaticEmbedding()(posts)
    many = StaticEmbedding()([*posts, *(f"Most zamknięty, woda {n}" for n in range(50))])
    assert np.array_equal(alone, many[:3])


def test_a_stopped_build_goes_on_where_it_stopped(tiny, tmp_path):
    cache = tmp_path / "cache"
    with pytest.raises(ModelError, match=r"No space left.*DISINFO_CACHE.*finished parts are kept"):
        build_static(cache=cache, teacher=Teacher(limit=10), progress=False)
    folder = table_folder(cache)
    done = len(list(unfinished_folder(folder).glob("*.npy")))
    assert done == 3
    with pytest.raises(ModelError, match=r"half built .3 parts are there.*models build static"):
        open_table(folder)
    second = Teacher()
    assert build_static(cache=cache, teacher=second, progress=False) == folder
    assert len(second.asked) == 24 - 9
    assert not unfinished_folder(folder).exists()
    whole = build_static(cache=tmp_path / "other", teacher=Teacher(), progress=False)
    for name in ("vectors.npy", "keys.npy", "weights.npy"):
        assert (whole / name).read_bytes() == (folder / name).read_bytes()
    assert build_static(cache=cache, teacher=None, progress=False) == folder


def test_a_missing_table_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv("DISINFO_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match=r"not on this machine.*disinfo models build static"):
        embed(["a"], model="static")


@pytest.mark.parametrize("name", ["vectors.npy", "keys.npy", "weights.npy"])
def test_a_changed_file_is_refused(built, name):
    whole = bytearray((built / name).read_bytes())
    whole[-1] ^= 1
    (built / name).write_bytes(whole)
    static_table._open.cache_clear()
    with pytest.raises(ModelError, match=f"{name}.*checksum differs.*models build static"):
        open_table()
    with pytest.raises(ModelError, match="checksum differs"):
        build_static()
    (built / name).unlink()
    with pytest.raises(ModelError, match="cannot be checked"):
        open_table()


@pytest.mark.parametrize("manifest", [None, "", "[]", "{}"])
def test_a_folder_without_a_sound_manifest_is_refused(built, manifest):
    (built / "manifest.json").unlink()
    if manifest is not None:
        (built / "manifest.json").write_text(manifest, encoding="utf-8")
    static_table._open.cache_clear()
    with pytest.raises(ModelError, match=r"manifest.*Remove the folder"):
        open_table()


def test_missing_word_lists_name_the_extra(tiny, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "wordfreq", None)
    with pytest.raises(MissingExtraError, match=r"disinfo\[static\]"):
        build_static(cache=tmp_path, teacher=Teacher())


def test_bad_input_and_parameters_are_named(built):
    with pytest.raises(InputError, match="one string"):
        StaticEmbedding()("text")
    with pytest.raises(InputError, match="not strings"):
        StaticEmbedding()(["a", None])
    with pytest.raises(ParameterError, match="folder"):
        StaticEmbedding(folder="")
    with pytest.raises(ParameterError, match="large"):
        EmbeddingBySize(large=-1)


def test_size_chooses_the_tier(built):
    by_size = EmbeddingBySize(large=3)
    assert isinstance(by_size.chosen(2), SentenceEmbedding)
    assert isinstance(by_size.chosen(3), StaticEmbedding)
    assert by_size(["a", "b", "c"]).shape == (3, WIDTH)
    assert isinstance(make_embedding("auto"), EmbeddingBySize)
    assert make_embedding("some/model").model == "some/model"


def test_identity_names_the_words(built, tmp_path, monkeypatch):
    first = StaticEmbedding().model_id
    monkeypatch.setitem(WORDS, "en", (*WORDS["en"][:-1], "vodka"))
    other = build_static(cache=tmp_path / "b", teacher=Teacher(), progress=False)
    assert json.loads((other / "manifest.json").read_text())["model_id"] != first


def test_it_loads_in_sentence_transformers(built):
    from sentence_transformers import SentenceTransformer

    from disinfo.embedding.static_module import StaticModule

    texts = ["The bridge is closed", "Most jest zamknięty"]
    expected = StaticEmbedding()(texts)
    for model in (
        SentenceTransformer(modules=[StaticModule()], device="cpu"),
        SentenceTransformer(str(built), trust_remote_code=True, device="cpu"),
    ):
        assert np.allclose(model.encode(texts), expected)


def test_the_command_builds(built):
    done = CliRunner().invoke(cli.app, ["models", "build", "static"])
    assert done.exit_code == 0
    assert str(built) in done.output.replace("\n", "")
    wrong = CliRunner().invoke(cli.app, ["models", "build", "statik"])
    assert wrong.exit_code == cli.BAD_INPUT
    assert "default and static" in wrong.output


def test_words_and_spelling():
    assert words("l'homme — 300€") == ["l'homme", "300"]
    assert latin("щур") == "shur"
    long, short, nothing = spelled(["1300", "300", ""], 64)
    assert long @ short < 0.5
    assert np.linalg.norm(nothing) == pytest.approx(1)
