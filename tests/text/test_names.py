import pytest

from disinfo.text.names import NameFinder, exclusive_names

CORPUS = [
    ("en", "Yesterday we met Anna Berg in Lipno, and the mayor was late"),
    ("en", "The mayor left when Anna came, so we stayed in Lipno"),
    ("pl", "Wczoraj burmistrz Lipna spotkał Annę, a potem wyjechał"),
    ("de", "Gestern traf der Bürgermeister von Lipno seine Nachbarin"),
]


def _finder():
    return NameFinder([text for _, text in CORPUS], [language for language, _ in CORPUS])


def test_a_headline_is_read_like_any_other_text():
    assert _finder().names("Mayor Met Anna Late In Lipno", "en") == {"anna", "lipno"}


def test_the_first_word_of_a_sentence_is_no_name():
    assert "yesterday" not in _finder().names("Yesterday. Wow! Yesterday", "en")


def test_german_nouns_are_not_taken_for_names():
    assert _finder().names("der Bürgermeister von Lipno", "de") == frozenset()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"lipno"}, {"karsk"}, True),
        ({"lipno", "anna"}, {"lipna", "annę"}, False),
        ({"trump"}, {"trump's"}, False),
        ({"lipno"}, set(), False),
        ({"lipno", "anna"}, {"lipno"}, False),
    ],
)
def test_names_are_compared_but_for_their_endings(one, other, expected):
    assert exclusive_names(frozenset(one), frozenset(other)) is expected
