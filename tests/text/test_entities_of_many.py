"""Many texts searched as one give what each gives for itself."""

from __future__ import annotations

import time

from hypothesis import example, given, settings
from hypothesis import strategies as st

from disinfo.text.entities import find_hashtags, find_mentions, find_urls
from disinfo.text.entities_of_many import JoinedTexts
from disinfo.text.urls import canonical_url

_PIECES = st.sampled_from(
    ["http://", "HTTPS://", "hTTp://", "www.", "WwW.", "wwww.a", "://", "a.org/1", "b.org",
     "#", "＃", "@", "＠", "tag", "7", "żółw", "…", ".", "-", "\n", "\r\n", "\u2028", " ", "İ",
     "x" * 120, "/", "&", "t.c", ")", "𝓐"]
)  # fmt: skip
_TEXTS = st.lists(st.lists(_PIECES, max_size=8).map("".join), max_size=6)


def once(items):
    return list(dict.fromkeys(items))


@settings(deadline=None, max_examples=400)
@example(["www.a.org", "İ www.b.org/x"])
@example(["#a", "#b#c #1", "@a.@b", "", "http://a.orghttp://b.org http://a.org"])
@given(_TEXTS)
def test_joined_texts_give_what_each_gives_alone(texts):
    joined = JoinedTexts(texts)
    links = [once(filter(None, map(canonical_url, find_urls(text)))) for text in texts]
    assert joined.urls() == links
    assert joined.hashtags() == [once(find_hashtags(text)) for text in texts]
    assert joined.mentions() == [once(find_mentions(text)) for text in texts]


def test_a_text_of_links_alone_is_read_once():
    text = "https://www." * 50_000
    start = time.process_time()
    assert len(JoinedTexts([text]).urls()[0]) == 1
    assert time.process_time() - start < 5
