"""The cascade: who goes to the model, and what the others keep."""

import zlib
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.embedding import CascadeEmbedding, cascade, make_embedding
from disinfo.embedding.partner_search import partner_scores, spelling_vectors
from disinfo.errors import ParameterError
from disinfo.pipeline import Pipeline

WIDTH = 24


def _direction(text):
    drawn = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(WIDTH)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


@dataclass(frozen=True)
class Tier:
    """Gives each text the direction of its first word."""

    model_id: str
    languages: tuple = ("en", "pl", "de")
    asked: list = field(default_factory=list)

    def __call__(self, texts):
        self.asked.extend(texts)
        found = [_direction(text.split()[0] if text else "") for text in texts]
        return np.array(found, np.float32).reshape(-1, WIDTH)


LONE = [
    "Harvest was late this year because of the rain in the valley",
    "Tickets for the concert are sold out, sorry to everyone",
    "My neighbour painted his fence green and loves it very much",
    "Traffic on the northern bypass is slow again this morning",
    "The museum shows maps of the old harbour until the end of May",
    "Who has a spare bicycle pump that I could borrow tomorrow",
]
PAIR = [
    "Barracks near the lake hide three hundred people, say the residents",
    "Barracks by the lake: three hundred people hidden, residents say",
]


@pytest.fixture
def tiers():
    return Tier("static@1/int8"), Tier("model@1/int8")


def test_only_texts_with_a_partner_and_unknown_languages_go_to_the_model(tiers):
    static, model = tiers
    japanese = "橋は閉鎖されています、明日まで通れません"
    stage = CascadeEmbedding(static=static, model=model, floor=0.5)
    vectors = stage([*LONE, *PAIR, japanese])
    assert sorted(model.asked) == sorted([*PAIR, japanese])
    assert vectors.shape == (9, WIDTH)
    assert stage.model_id == "cascade of static@1/int8 and model@1/int8"
    assert stage.thresholds_of == "model@1/int8"


def test_order_and_copies_do_not_change_vectors(tiers):
    static, model = tiers
    stage = CascadeEmbedding(static=static, model=model, floor=0.5)
    texts = [*LONE, *PAIR]
    forth, back = stage(texts), stage(texts[::-1])[::-1]
    assert np.array_equal(forth, back)
    twice = stage([*texts, texts[0]])
    assert np.array_equal(twice[:-1], forth)
    assert np.array_equal(twice[-1], forth[0])


@pytest.mark.parametrize("texts", [[], ["alone, with nobody near"], [""], ["👍", "👎"]])
def test_few_or_empty_texts_have_vectors(tiers, texts):
    static, model = tiers
    assert CascadeEmbedding(static=static, model=model)(texts).shape == (len(texts), WIDTH)


@settings(max_examples=20)
@given(st.integers(2, 60), st.integers(0, 5))
def test_a_planted_partner_stands_out(n, seed):
    random = np.random.default_rng(seed)
    rows = random.standard_normal((n, 64)).astype(np.float32)
    rows[1] = rows[0] + 0.01 * rows[1]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    scores = partner_scores(rows, np.zeros((n, 1), np.float32))
    assert scores.shape == (n,)
    assert set(np.argsort(-scores)[:2]) == {0, 1}
    shuffled = random.permutation(n)
    again = partner_scores(rows[shuffled], np.zeros((n, 1), np.float32))
    assert np.allclose(again, scores[shuffled], atol=1e-5)


def test_spelling_finds_copies():
    rows = spelling_vectors([*PAIR, *LONE, "👍"])
    assert rows[0] @ rows[1] > 0.3 > rows[0] @ rows[2]
    assert np.isfinite(rows).all()


def test_too_many_texts_and_a_bad_floor_are_refused(tiers, monkeypatch):
    static, model = tiers
    monkeypatch.setattr(cascade, "MAX_TEXTS", 3)
    with pytest.raises(ParameterError, match="compares every text with every other"):
        CascadeEmbedding(static=static, model=model)(LONE)
    with pytest.raises(ParameterError, match="floor"):
        CascadeEmbedding(floor=3)


def test_links_take_the_thresholds_of_the_model():
    from disinfo.embedding import SentenceEmbedding

    stage = CascadeEmbedding(static=Tier("static@1/int8"), model=SentenceEmbedding())
    pipeline, notes = Pipeline(embed=stage).for_texts(10)
    assert notes == ()
    assert pipeline.embed is stage
    assert isinstance(make_embedding("cascade"), CascadeEmbedding)


def test_thresholds_of_another_model_are_refused_or_noted(tmp_path):
    from disinfo.embedding import SentenceEmbedding
    from disinfo.links import LinkByMeaning
    from disinfo.links.calibration import shipped_card

    default = SentenceEmbedding().model_id
    other = Tier("other@1/float32")
    _, notes = Pipeline(embed=other).for_texts(10)
    assert "not calibrated" in notes[0]
    assert "other@1/float32" in notes[0]
    named = Pipeline(embed=other, link_texts=LinkByMeaning(calibration=shipped_card(default)))
    with pytest.raises(ParameterError, match="two models or precisions cannot be mixed"):
        named.for_texts(10)
    assert shipped_card("other@1/float32") is None
    chosen, notes = Pipeline.from_config({"embed": "auto"}).for_texts(5)
    assert isinstance(chosen.embed, SentenceEmbedding)
    assert "chosen by size (5 texts): SentenceEmbedding" in notes[0]
