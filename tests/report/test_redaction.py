from __future__ import annotations

import re
import time

import pytest

from disinfo.pseudonyms import Pseudonyms
from disinfo.report import render_report

NAMES = Pseudonyms(key=b"key", known=frozenset({"acc01", "did:plc:7", "a-1f.b"}))

DID, DOTTED = NAMES.account("did:plc:7"), NAMES.account("a-1f.b")


def test_text_loses_handles_addresses_and_known_names():
    text = "@ann_b wrote to joe@mail.org, see https://x.com/ann_b/status/1 and t.me/ann; acc01 too"
    shown = NAMES.text(text)
    for name in ("ann", "joe", "mail.org", "acc01", "status"):
        assert name not in shown
    assert NAMES.account("acc01") in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see (https://www.X.com/ann/status/1)", "see (https://www.X.com/…"),
        ("m.facebook.com/ann too", "m.facebook.com/… too"),
        ("https://news.example/x.com/story", "https://news.example/x.com/story"),
        ("mail＠ann.b and @ann@host.example!", "@… and @…!"),
        ("by did:plc:7. and (a-1f.b), not a-1f", f"by {DID}. and ({DOTTED}), not a-1f"),
        ("half-time 3.5 c++ a.b", "half-time 3.5 c++ a.b"),
    ],
)
def test_addresses_of_platforms_lose_their_path(text, shown):
    assert NAMES.text(text) == shown


@pytest.mark.parametrize("piece", ["a", "a-", "x.", "@", "a@", "://", "/", "a.b ", ":", "acc01:"])
def test_redaction_of_a_flood_is_quick(piece):
    started = time.process_time()
    NAMES.text(piece * 100_000)
    assert time.process_time() - started < 2


def test_objects_keep_links_and_slots_but_no_accounts():
    url = "news.example/story-7@2025-05-01T06"
    assert NAMES.object(url, "url") == url
    assert NAMES.object("#tag", "hashtag") == "#tag"
    assert "acc" not in NAMES.object("@acc01", "mention").removeprefix("mention-")
    assert NAMES.object("17", "repost").startswith("repost-")


def test_pseudonyms_are_stable_and_depend_on_the_key():
    other = Pseudonyms(key=b"other", known=frozenset())
    assert NAMES.account("acc01") == NAMES.account("acc01") != other.account("acc01")
    assert NAMES.account(None) is None


def test_redacted_page_holds_no_name(make_result):
    result = make_result(texts=["@acc05_handle and acc07 say so, person03 agrees"], note="@acc02")
    page = render_report(result, redact=True)
    assert not re.findall(r"\b(?:acc|outlet|person)\d+", page)
    assert not re.findall(r"\bp\d{4}\b", page)
    assert "account-" in page
    assert "Accounts and post ids are pseudonyms" in page
    assert re.findall(r"\bacc\d+", render_report(result))


def test_two_redacted_pages_agree(result):
    assert render_report(result, redact=True) == render_report(result, redact=True)
