from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.report.script_json import script_json
from disinfo.text.display import WORD_LIMIT, display

ANY_TEXT = st.text(st.characters(), max_size=300)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words", "plain words"),
        ("pay\u202efdp", "pay⟦U+202E⟧fdp"),
        ("zero\u200bwidth", "zero⟦U+200B⟧width"),
        ("a\x00b\x1bc", "a␀b␛c"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("a\r\n\r\n \r\n\r\nb", "a\n\nb"),
        ("سلام\u200cها 👩\u200d🚀", "سلام\u200cها 👩\u200d🚀"),
        ("e" + "\u0301" * 50, "e" + "\u0301" * 4),
        (None, ""),
        (float("nan"), ""),
    ],
)
def test_invisible_and_broken_characters_show_or_go(text, shown):
    assert display(text) == shown


def test_long_words_and_long_texts_are_cut_with_a_count():
    assert display("x" * 10_000, limit=20_000) == "x" * WORD_LIMIT + f"[+{10_000 - WORD_LIMIT}]"
    address = "https://example.org/" + "a" * 60
    assert display(address) == address
    assert display("ab " * 400, limit=9) == "ab ab ab [+1191]"


@settings(deadline=None, max_examples=150)
@given(ANY_TEXT)
def test_display_is_short_valid_and_free_of_controls(text):
    shown = display(text, limit=120)
    shown.encode("utf-8")
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in shown)
    assert max((len(word) for word in shown.split()), default=0) <= 2 * WORD_LIMIT + 20


@settings(deadline=None, max_examples=150)
@given(st.recursive(ANY_TEXT, lambda inner: st.lists(inner, max_size=3), max_leaves=5))
def test_script_json_survives_a_script_element(value):
    text = str(script_json(value))
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == value
