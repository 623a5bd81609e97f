from __future__ import annotations

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


def test_long_hostile_addresses_take_linear_time():
    for piece in ("%", "/amp", "www.", "a:", "&", "@"):
        canonical_url("http://" + piece * 50_000)
        canonical_url("http://" + piece * (4000 // len(piece)))
