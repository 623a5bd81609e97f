import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.links.minhash import candidate_pairs

WORDS = st.text(alphabet="abcdefghij ", min_size=1, max_size=60)


def _words(rng, n):
    return " ".join("".join(rng.choice(list("abcdefghijklmnop"), 6)) for _ in range(n))


def test_planted_near_copies_are_found():
    rng = np.random.default_rng(0)
    texts = [_words(rng, 12) for _ in range(300)]
    copies = [text[:20] + "z" + text[21:] for text in texts[:100]]
    first, second, crowded = candidate_pairs(texts + copies)
    found = {(a, b) for a, b in zip(first.tolist(), second.tolist(), strict=True)}
    hit = sum((number, 300 + number) in found for number in range(100))
    assert hit >= 97
    assert len(crowded) == 0
    assert len(found) < 200  # unrelated texts are hardly ever candidates


def test_a_crowded_bucket_is_guarded_and_counted():
    texts = [f"the same long sentence about the bridge in lipno {number}" for number in range(3000)]
    first, second, crowded = candidate_pairs(texts)
    assert 0 < len(crowded) <= 3000  # texts are counted, each once, whatever the number of bands
    assert len(first) < 3000 * 200
    reached = set(first.tolist()) | set(second.tolist())
    assert len(reached) == 3000  # nobody is left without a partner


@settings(max_examples=50, deadline=None)
@given(st.lists(WORDS, max_size=20, unique=True))
def test_pairs_are_ordered_unique_and_in_range(texts):
    first, second, _ = candidate_pairs(texts)
    assert (first < second).all()
    assert len(set(zip(first.tolist(), second.tolist(), strict=True))) == len(first)
    assert second.max(initial=-1) < len(texts)


def test_texts_shorter_than_a_shingle():
    first, second, _ = candidate_pairs(["a", "b", "", "👍"])
    assert len(first) == len(second)
