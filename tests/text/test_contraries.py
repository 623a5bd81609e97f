import csv

import pytest

from disinfo.text import contraries
from disinfo.text.contraries import LANGUAGES, contrary, contrary_sides


def test_every_row_has_the_same_sides_in_every_language():
    with contraries._TABLE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            assert row.pop("scope") in {"any", "within", "any time", "within time"}
            assert set(row) == set(LANGUAGES)
            assert len({len(cell.split(" / ")) for cell in row.values()}) == 1, row["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_stands_on_two_sides(language):
    for entries in contraries._beginnings(language).values():
        words = [(word, contrast) for word, contrast, _ in entries]
        assert len(words) == len(set(words))


def test_across_languages_only_what_a_translation_keeps():
    said = contrary_sides(["opened", "russian", "may"], "en")
    same = contrary_sides(["відкрили", "українські"], "uk")
    closed = contrary_sides(["закрили"], "uk")
    assert not contrary(said, same, same_language=False)
    assert contrary(said, closed, same_language=False)


def test_both_sides_are_neither():
    both = contrary_sides(["bought", "sold"], "en")
    assert not contrary(both, contrary_sides(["sold"], "en"), same_language=True)


def test_when_is_a_contrast_of_its_own():
    july, june = contrary_sides(["opened", "july"], "en"), contrary_sides(["opened", "june"], "en")
    closed = contrary_sides(["closed", "july"], "en")
    assert not contrary(july, june, same_language=True)
    assert contrary(july, june, same_language=True, of_time=True)
    assert contrary(july, closed, same_language=True)
    assert not contrary(july, closed, same_language=True, of_time=True)
