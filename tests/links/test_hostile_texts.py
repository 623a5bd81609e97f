"""What a corpus made to break the stage gives: right, and in linear time."""

import numpy as np
import pandas as pd
import pytest

from disinfo import tables
from disinfo.links import LinkByMeaning


def _table(texts):
    return tables.TEXTS.check(
        pd.DataFrame(
            {
                "text_id": [f"t-{number:07d}" for number in range(len(texts))],
                "text": texts,
                "language": "en",
                "n_posts": 1,
                "n_accounts": 1,
                "first_seen": pd.NaT,
            }
        )
    )


def _swarm(n, d=64, noise=0.6):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=d) + noise * rng.normal(size=(n, d))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _dropped(output, beginning):
    rows = output["dropped"]
    return int(rows.loc[rows["reason"].str.startswith(beginning), "n"].sum())


@pytest.mark.parametrize(
    "texts",
    [
        ["👍" * (1 + n % 7) + "🔥" * n for n in range(120)],
        [f"word{n}" for n in range(120)],
        [f"https://site-{n}.example/a https://site-{n}.example/b" for n in range(120)],
        ["#" * 5000, "@" * 5000, "#a" * 3000, "not " * 3000, "! ? " * 3000, "1,000 " * 3000],
    ],
    ids=["emoji", "one word", "addresses", "walls of signs"],
)
def test_texts_that_say_nothing_are_not_rewordings(texts):
    links = LinkByMeaning()(_table(texts), _swarm(len(texts), noise=0.1))["links"]
    assert not links["kind"].isin(["reworded", "translated"]).any()


def test_a_swarm_of_rewordings_keeps_everybody_and_counts_the_rest():
    rng = np.random.default_rng(1)
    words = ["".join(rng.choice(list("abcdefghijklmnop"), 6)) for _ in range(4000)]
    texts = [" ".join(rng.choice(words, 9)) for _ in range(600)]
    output = LinkByMeaning(max_neighbours=20)(_table(texts), _swarm(600))
    linked = set(output["links"]["text_a"]) | set(output["links"]["text_b"])
    assert len(linked) == 600
    assert len(output["links"]) <= 600 * 20
    assert _dropped(output, "more than 20 neighbours") == 600


def test_near_copies_without_number_are_counted_once_each():
    texts = [f"the same long sentence about the bridge in lipno and more {n}" for n in range(400)]
    output = LinkByMeaning()(_table(texts), _swarm(400, noise=0.1))
    assert 0 < _dropped(output, "in a crowded bucket") <= 400
    assert set(output["links"]["kind"]) <= {"near", "changed", "renamed", "opposed"}


@pytest.mark.slow
def test_ten_thousand_rewordings():
    rng = np.random.default_rng(2)
    words = ["".join(rng.choice(list("abcdefghijklmnop"), 6)) for _ in range(20_000)]
    texts = [" ".join(rng.choice(words, 9)) for _ in range(10_000)]
    output = LinkByMeaning()(_table(texts), _swarm(10_000))
    linked = set(output["links"]["text_a"]) | set(output["links"]["text_b"])
    assert len(linked) == 10_000
    assert len(output["links"]) <= 10_000 * 200


def test_marks_beside_letters_do_not_make_a_text_short():
    from disinfo.links.link_texts import _telling_letters
    from disinfo.text.normal import normal_form

    assert _telling_letters(normal_form("テキサス州銃刀法、精神病院での銃所持を許可する")) >= 20
    assert _telling_letters(normal_form("👍" * 40)) == 0
    assert _telling_letters(normal_form("not " * 40)) == 0
