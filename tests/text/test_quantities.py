import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.text.quantities import figures, quantities


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "three thousand ballots and twenty-two towns", ["3000", "22"]),
        ("en", "2.5 million, a million reasons", ["2500000"]),
        ("pl", "czterysta tirów, trzy tysiące kart", ["400", "3000"]),
        ("uk", "чотириста фур, двадцять п'ять людей, 3 тис. голосів", ["400", "25", "3000"]),
        ("ru", "три тысячи бюллетеней, сорок человек", ["3000", "40"]),
        ("de", "dreißig Kühe, zweiundzwanzig Orte, dreitausend Zettel", ["30", "22", "3000"]),
        ("fr", "deux cents migrants", ["200"]),
        ("es", "noventa millones y 9.000 personas", ["90000000", "9000"]),
        ("cs", "tři tisíce a 12:30", ["12:30"]),
        ("en", "one of them, at 12:30", ["12:30"]),
    ],
)
def test_numbers_in_words_and_figures_are_one(language, text, expected):
    assert quantities(text, language) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["en", "de", "fr", "xx"]))
def test_any_text_is_read(text, language):
    assert all(isinstance(number, str) for number in quantities(text, language))


@given(st.integers(0, 10**9))
def test_figures_keep_their_value_with_signs_between_thousands(number):
    assert figures(f"{number:,} votes") == [str(number)]
