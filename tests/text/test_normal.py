import sys

from hypothesis import example, given
from hypothesis import strategies as st

from disinfo.text.entities import find_hashtags, find_mentions, find_urls
from disinfo.text.language import identify
from disinfo.text.lookalikes import comparable, fold_mixed_scripts, skeleton
from disinfo.text.normal import normal_form, obfuscation, readable


def test_hidden_and_exchanged_letters_are_undone():
    assert readable("Vаcсi\u200bne") == "Vaccine"
    assert normal_form("Vаcсi\u200bne") == normal_form("VACCINE!")
    found = obfuscation("Vаcсi\u200bne")
    assert (found.invisible, found.mixed_tokens) == (1, 1)


def test_honest_cyrillic_and_emoji_are_left_alone():
    assert readable("Завтра будет дождь") == "Завтра будет дождь"
    assert fold_mixed_scripts("Привет, world")[1] == 0
    family = "👨\u200d👩\u200d👧"
    assert obfuscation(family).invisible == 0


def test_latin_letters_in_a_cyrillic_word_become_cyrillic():
    mixed = "Мoсква"  # the first o is Latin
    assert fold_mixed_scripts(mixed) == ("Москва", 1)


def test_addresses_do_not_make_copies_differ():
    first = "RT @some_one: The bridge fell https://a.example/x?y=1 #Lipno"
    second = "the bridge FELL… @other #lipno www.b.example"
    assert normal_form(first) == normal_form(second)


def test_posts_without_words_stay_apart():
    forms = {
        normal_form(text) for text in ("👍", "👎", "https://a.example/1", "https://a.example/2")
    }
    assert len(forms) == 4


@given(st.text(max_size=200))
def test_normal_form_is_stable_and_readable_never_grows_without_bound(text):
    form = normal_form(text)
    assert normal_form(form) == form or not form.isascii() or form == ""
    assert len(readable(text)) <= 18 * len(text) + 1  # NFKC may turn one character into 18


@given(st.text(max_size=100))
def test_skeleton_is_idempotent(text):
    assert skeleton(skeleton(text)) == skeleton(text)


@given(st.text())
@example("Ꮇ m M rn")
@example("ſ ı İ ΐ ϓ")
def test_the_comparable_form_is_a_fixed_point(text):
    once = comparable(text)
    assert comparable(once) == once
    assert comparable(text.casefold()) == once


def test_every_look_alike_is_folded_to_the_end():
    from disinfo.text import lookalikes

    for code in lookalikes._skeletons():
        once = comparable(chr(code))
        assert comparable(once) == once, hex(code)


def test_look_alikes_in_either_case_make_one_normal_form():
    assert normal_form("Ꮇ") == normal_form("m") == normal_form("M")
    assert normal_form("ꓟoney ᎷONEY") == normal_form("money money")


def test_walls_of_signs_are_read_in_linear_time():
    import time

    wall = "#" * 200_000 + "@" * 200_000 + "http://" * 50_000
    begin = time.process_time()
    find_urls(wall), find_hashtags(wall), find_mentions(wall), normal_form(wall)
    # A quadratic pattern takes minutes here; the bound is not a measurement of speed.
    assert time.process_time() - begin < 20


def test_languages_of_short_posts():
    texts = [
        "Jutro w całym kraju spodziewane są burze",
        "Завтра по всей стране ожидаются грозы",
        "Завтра по всій країні очікуються грози",
        "Morgen werden im ganzen Land Gewitter erwartet",
        "Thunderstorms are expected across the country tomorrow",
        "👍👍👍",
        "",
    ]
    assert identify(texts) == ["pl", "ru", "uk", "de", "en", "und", "und"]
    assert identify([]) == []


def test_no_letter_lies_outside_the_blocks_of_its_script():
    from disinfo.text.lookalikes import _BLOCKS, script

    of_script = dict(zip(("latin", "cyrillic", "greek"), _BLOCKS, strict=True))
    letters = {chr(code): script(chr(code)) for code in range(sys.maxunicode + 1)}
    outside = [char for char, own in letters.items() if own and not of_script[own].search(char)]
    assert outside == []
    assert sum(map(bool, letters.values())) > 1_500


def test_a_mixed_token_is_folded_among_words_of_another_script():
    assert fold_mixed_scripts("вот Vаcсine здесь") == ("вот Vaccine здесь", 1)
    assert fold_mixed_scripts("τώρα Vаcсine") == ("τώρα Vaccine", 1)
