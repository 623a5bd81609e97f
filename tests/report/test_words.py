from __future__ import annotations

import json
import string
from importlib import resources

import pandas as pd
import pytest

from disinfo.errors import ParameterError
from disinfo.report.words import LANGUAGES, Words


def _strings(language):
    folder = resources.files("disinfo.report") / "strings"
    return json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))


def _fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_languages_have_the_same_keys_and_placeholders():
    english, polish = _strings("en"), _strings("pl")
    # Polish has one plural more.
    assert {key for key in polish if not key.endswith(".few")} == set(english)
    for key, text in polish.items():
        twin = english[key.removesuffix(".few") + (".many" if key.endswith(".few") else "")]
        assert _fields(text) == _fields(twin), key
    for key in polish:
        if key.endswith(".many"):
            assert key.removesuffix(".many") + ".few" in polish


def test_no_string_calls_an_account_names():
    for language in LANGUAGES:
        words = " ".join(_strings(language).values()).lower()
        for name in (" bot ", " bots ", "troll", "guilty", "winny"):
            assert name not in words


@pytest.mark.parametrize(
    ("n", "text"),
    [(1, "1 konto"), (3, "3 konta"), (12, "12 kont"), (22, "22 konta"), (1005, "1\xa0005 kont")],
)
def test_polish_plurals(n, text):
    assert Words("pl").count("unit.account", n) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.05, "5%"), (0.937, "94%"), (0.9999, "> 99%"), (0.002, "< 1%"), (0.025, "2.5%"),
     (1.0, "100%"), (0.0, "0%"), (None, "–"), (float("nan"), "–")],
)  # fmt: skip
def test_percent_never_claims_certainty(value, text):
    assert Words("en").percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0312, "0.031"), (3.6e-8, "3.6 × 10⁻⁸"), (0.0, "< 10⁻⁹"), (1.0, "1.000")],
)
def test_p_values(value, text):
    assert Words("en").p_value(value) == text


def test_numbers_times_and_durations():
    words = Words("en")
    assert words.number(-2.04, digits=1, sign=True) == "−2.0"
    assert words.number(12345) == "12,345"
    assert words.time(pd.NaT) == "–"
    assert words.time(pd.Timestamp("2025-05-01 06:07:59", tz="UTC")) == "2025-05-01 06:07"
    shown = [words.duration(s) for s in (18, 90, 3600, 86400 * 12.4, None)]
    assert shown == ["18 s", "1.5 min", "1 h", "12 d", "–"]


def test_unknown_names_are_shown_in_plain_words():
    assert Words("pl").named("signal", "my_own_signal") == "my own signal"


def test_unknown_language_is_named():
    with pytest.raises(ParameterError, match="'eng' is not one of"):
        Words("eng")
