from __future__ import annotations

import re
import time
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from disinfo.text.urls import canonical_url, registered_domain

SAME_PAGE = [
    (
        "https://www.example.org/a/b/?z=1&a=2",
        [
            "http://example.org/a/b?a=2&z=1",
            "https://m.example.org:443/a/b?a=2&z=1#part",
            "//EXAMPLE.org/a/b/?utm_source=t&z=1&fbclid=q&a=2",
            "https://user:pw@mobile.example.org/a/b/?a=2&z=1",
            "amp.example.org/a/b/amp?a=2&z=1",
            "https://www.google.com/amp/s/www.example.org/a/b?a=2&z=1",
        ],
    ),
    (
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        [
            "https://youtu.be/dQw4w9WgXcQ?t=10",
            "https://m.youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&t=4s",
            "https://www.youtube.com/shorts/dQw4w9WgXcQ",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        ],
    ),
    (
        "https://t.me/channel/77",
        [
            "https://t.me/s/Channel/77?single",
            "http://telegram.me/channel/77/",
            "https://channel.t.me/77",
            "tg://resolve?domain=channel&post=77",
        ],
    ),
    (
        "https://twitter.com/Name/status/123456",
        [
            "https://x.com/name/status/123456?s=20&t=abc",
            "https://mobile.twitter.com/other/status/123456/photo/1",
        ],
    ),
    (
        "https://example.org/a/b?id=7",
        [
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.example.org%2Fa%2Fb%3Fid%3D7&h=AT0",
            "https://l.threads.com/?u=https%3A%2F%2Fexample.org%2Fa%2Fb%3Fid%3D7%26utm_source%3Dx",
            "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2Fa%2Fb%3Fid%3D7",
            "https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fexample.org%2Fa%2Fb%3Fid%3D7",
            "https://vk.com/away.php?to=https%3A%2F%2Fexample.org%2Fa%2Fb%3Fid%3D7&post=1",
            "https://nam02.safelinks.protection.outlook.com/"
            "?url=https%3A%2F%2Fexample.org%2Fa%2Fb%3Fid%3D7&data=05",
            "https://l.instagram.com/?u=https%3A%2F%2Fl.facebook.com%2Fl.php"
            "%3Fu%3Dhttps%253A%252F%252Fexample.org%252Fa%252Fb%253Fid%253D7",
        ],
    ),
    (
        "https://www.facebook.com/10/posts/9001",
        [
            "https://m.facebook.com/story.php?story_fbid=9001&id=10&m_entstream_source=x",
            "https://pl-pl.facebook.com/permalink.php?id=10&story_fbid=9001",
            "https://mbasic.facebook.com/10/posts/9001/?__cft__[0]=AZ",
        ],
    ),
    (
        "https://www.facebook.com/watch/?v=12345678",
        ["https://web.facebook.com/anna/videos/some-title/12345678/", "fb.com/watch?v=12345678"],
    ),
    (
        "https://www.instagram.com/p/Cabc_-123/",
        ["https://www.instagram.com/anna/reel/Cabc_-123/?igsh=x", "instagr.am/p/Cabc_-123"],
    ),
    (
        "https://www.tiktok.com/@anna/video/7301000000000000001",
        [
            "https://m.tiktok.com/v/7301000000000000001.html?u_code=1",
            "https://www.tiktok.com/embed/v2/7301000000000000001",
        ],
    ),
    (
        "https://www.reddit.com/r/lipno/comments/1kc001/the_bridge/",
        ["https://redd.it/1kc001", "https://old.reddit.com/r/lipno/comments/1kc001?context=3"],
    ),
    ("https://bit.ly/3abcDE", ["http://bitly.com/3abcDE+", "j.mp/3abcDE"]),
    ("https://tinyurl.com/abc123", ["https://preview.tinyurl.com/abc123"]),
    ("https://en.wikipedia.org/wiki/Most", ["https://en.m.wikipedia.org/wiki/Most#x"]),
    ("https://t.me/+AbC1", ["tg://join?invite=AbC1", "https://t.me/joinchat/AbC1"]),
    ("https://t.me/c/123/4", ["tg://privatepost?channel=123&post=4"]),
    (
        "https://example.org/story.html",
        [
            "https://www.example.org/story.amp.html",
            "https://www.bing.com/amp/s/www.example.org/story.html",
            "https://yandex.ru/turbo/s/example.org/story.html",
        ],
    ),
    ("https://straße.de/a", ["https://xn--strae-oqa.de/a"]),
    ("https://żółw.pl/ścieżka", ["http://xn--w-uga1v8h.pl/%C5%9Bcie%c5%bcka/"]),
]


@pytest.mark.parametrize(("one", "others"), SAME_PAGE)
def test_the_addresses_of_one_page_have_one_form(one, others):
    forms = {canonical_url(url) for url in [one, *others]}
    assert len(forms) == 1, forms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a?id=1", "https://example.org/a?id=2"),
        ("https://example.org/Page", "https://example.org/page"),
        ("https://example.org", "https://example.com"),
        ("https://m.me/x", "https://me/x"),
        ("https://web.de/a", "https://de/a"),
        ("https://t.me/+AbC", "https://t.me/+abc"),
        ("https://example.org:8080/a", "https://example.org/a"),
        ("https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcq"),
        ("https://bit.ly/3abcDE", "https://bit.ly/3abcde"),
        ("https://straße.de", "https://strasse.de"),
        ("https://www.facebook.com/a/posts/1", "https://www.facebook.com/b/posts/1"),
        ("https://vm.tiktok.com/ZMabc/", "https://vm.tiktok.com/ZMabd/"),
        ("https://www.google.com/search?q=a", "https://www.google.com/search?q=b"),
        ("https://l.facebook.com/l.php?u=javascript:1", "https://l.facebook.com/l.php?u=x"),
    ],
)
def test_different_pages_keep_different_forms(one, other):
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    "url", ["", " ", "http://", "http://[::1", "https://%%%", "://", "?#", "\ud800"]
)
def test_odd_addresses_do_not_raise(url):
    assert isinstance(canonical_url(url), str)
    assert isinstance(registered_domain(url), str)


def test_other_schemes_stay():
    assert (
        canonical_url("at://did:plc:abc/app.bsky.feed.post/3k")
        == "at://did:plc:abc/app.bsky.feed.post/3k"
    )
    assert registered_domain("mailto:a@example.org") == ""


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://news.bbc.co.uk/x", "bbc.co.uk"),
        ("http://a.b.example.org", "example.org"),
        ("name.blogspot.com/2020", "name.blogspot.com"),
        ("http://127.0.0.1:8000/x", "127.0.0.1"),
        ("https://www.spiegel.de", "spiegel.de"),
    ],
)
def test_registered_domain(url, domain):
    assert registered_domain(url) == domain


_PIECES = st.sampled_from(
    [
        "http://",
        "https://",
        "//",
        "www.",
        "m.",
        "amp.",
        "example.org",
        "t.me",
        "youtu.be",
        "/",
        "?",
        "youtube.com",
        "twitter.com",
        "/s/",
        "/amp",
        "/watch",
        "&",
        "v=abcdefg",
        "é",
        "¨",
        "/s/www.",
        "utm_a=1",
        "#",
        "%",
        "41",
        "%25",
        "%C3",
        "ż",
        "ß",
        ":80",
        ":443",
        "@",
        ".",
        "status/1",
        "+",
        "google.com/amp/s/",
        "tg://resolve?domain=A",
        "cdn.ampproject.org/c/s/",
        "joinchat/",
        "l.facebook.com/l.php?u=",
        "https%3A%2F%2F",
        "%2F",
        "facebook.com/story.php?story_fbid=1&id=2",
        "reddit.com/r/a/comments/",
        "redd.it/",
        "tiktok.com/@a/video/1234567",
        "instagram.com/reel/abcdefg",
        "bit.ly/abc+",
        "en.m.wikipedia.org",
        "x--.org",
        ";",
        "=",
        "\u200b",
        " ",
    ]
)


@settings(deadline=None, max_examples=400)
@given(st.one_of(st.text(max_size=40), st.lists(_PIECES, max_size=12).map("".join)))
@example("http://%%341.org/")
@example("www.www.m.example.org/amp/amp/")
def test_the_form_of_a_form_is_itself(url):
    once = canonical_url(url)
    assert canonical_url(once) == once


_PLAIN_PIECES = st.sampled_from(
    ["https://", "http://", "www.", "m.", "example.org", "t.me", "x.com", "google.com", "/", "/a",
     "/B-1", "/~c", "_", "-", "amp", "web.de", "m.me", "fb.com", "co.uk", "xn--w-uga1v8h.pl"]
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(_PLAIN_PIECES, max_size=8).map("".join))
def test_the_short_cut_for_plain_addresses_changes_nothing(url):
    from disinfo.text import urls

    with mock.patch.object(urls, "_PLAIN", re.compile(r"(?!)")):
        slow = canonical_url(url)
    assert canonical_url(url) == slow


def test_long_hostile_addresses_take_linear_time():
    started = time.process_time()
    for piece in ("%", "/amp", "www.", "a:", "&", "@"):
        endless = "http://" + piece * 50_000
        assert canonical_url(endless) == endless, "too long for a link: left as it is"
        found = canonical_url("http://" + piece * (4000 // len(piece)))
        assert found == (canonical_url(found) if found else found)
        assert len(found) <= 4000
    # A few tenths of a second; with squares of the longest it would be hours.
    assert time.process_time() - started < 10
