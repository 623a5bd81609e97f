import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.links.side_by_side import Stances, ids_of, once_each
from disinfo.text.contraries import contrary, contrary_at_once, contrary_sides, single_sides
from disinfo.text.opposition import comments, doubtful, opposed, other_detail, other_numbers, stance

WORDS = [
    *("the", "bridge", "dam", "is", "not", "no", "closed", "open", "since", "monday", "friday"),
    *("may", "march", "3", "30", "five", "in", "lipno", "fake", "says", "police", "russian"),
    *("video", "checked", "ukrainian", "rises", "falls", "win", "lose", "never"),
]
POLISH = [
    *("most", "tama", "jest", "nie", "zamknięty", "otwarty", "od", "poniedziałku", "piątku", "3"),
    *("30", "pięć", "policja", "mówi", "bzdura"),
]
TEXTS = st.one_of(
    st.tuples(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join), st.just("en")),
    st.tuples(st.lists(st.sampled_from(POLISH), max_size=9).map(" ".join), st.just("pl")),
    st.tuples(
        st.lists(st.sampled_from(WORDS), min_size=41, max_size=45).map(" ".join), st.just("en")
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=6), st.sampled_from([0.3, 0.65, 0.8, 0.9, 1.0]))
def test_all_at_once_is_one_by_one(texts, ratio):
    stances = [stance(text, language) for text, language in texts]
    table = Stances(stances, [language for _, language in texts])
    a, b = (side.astype(np.int64) for side in np.triu_indices(len(texts), 1))
    lexical = np.full(len(a), ratio)
    pairs = [
        (stances[i], stances[j], texts[i][1] == texts[j][1]) for i, j in zip(a, b, strict=True)
    ]
    for rule in (opposed, other_detail):
        expected = [
            rule(s, t, same_language=same, lexical_similarity=ratio) for s, t, same in pairs
        ]
        assert getattr(table, rule.__name__)(a, b, lexical).tolist() == expected
    for rule in (other_numbers, doubtful, comments):
        assert getattr(table, rule.__name__)(a, b).tolist() == [rule(s, t) for s, t, _ in pairs]


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=6), min_size=1, max_size=6))
def test_contraries_at_once_are_contraries_one_by_one(texts):
    sides = [contrary_sides(words, "en") for words in texts]
    table = single_sides(sides)
    a, b = (side.ravel() for side in np.indices((len(texts), len(texts))))
    for same in (True, False):
        for when in (True, False):
            at_once = contrary_at_once(table, a, b, same_language=same, of_time=when).tolist()
            assert at_once == [
                contrary(sides[i], sides[j], same_language=same, of_time=when)
                for i, j in zip(a, b, strict=True)
            ]


def test_a_rule_is_asked_once_for_each_two_values():
    asked = []
    ids = ids_of(["x", "y", "x", "y"])
    a, b = np.array([0, 2, 1]), np.array([1, 3, 3])
    said = once_each(
        ids, a, b, np.array([True, True, False]), lambda i, j: asked.append((i, j)) is None
    )
    assert said.tolist() == [True, True, False]
    assert asked == [(0, 1)]
