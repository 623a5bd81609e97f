"""Known claims found in texts and narratives, with the direction in which they are told."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import disinfo
from disinfo import tables
from disinfo.claims import match_claims, read_claims
from disinfo.claims.shared_words import SharedWords
from disinfo.embedding.centring import reference_corpus
from disinfo.errors import InputError, ParameterError, SchemaError
from disinfo.result import Result

POSTS = [
    {
        "post_id": "1",
        "text": "Shocking: the water in Odra was poisoned by a chemical plant, they hide it",
    },
    {"post_id": "2", "text": "FAKE: no, the water in Odra was not poisoned by a chemical plant"},
    {"post_id": "3", "text": "Sunny all day, we went to the lake and had ice cream"},
]
CLAIMS = [
    {"claim_id": "odra", "text": "A chemical plant poisoned the water in the Odra"},
    {"claim_id": "tax", "text": "The government doubles the tax on houses in May"},
    {"claim_id": "vote", "text": "Ballots were printed without a stamp"},
]  # fmt: skip


@pytest.fixture(scope="module")
def result():
    return disinfo.detect(POSTS, progress=False)


def test_a_claim_is_found_and_its_debunk_opposes_it(result):
    found = match_claims(result, CLAIMS)
    named = found.texts.merge(result.posts[["text_id", "post_id"]], on="text_id")
    first = named[named["rank"] == 1].set_index("post_id")
    assert first["claim_id"].to_dict() == {"1": "odra", "2": "odra"}
    assert first["direction"].to_dict() == {"1": "repeats", "2": "opposes"}
    assert "3" not in named["post_id"].tolist()
    assert found.dropped["n"].sum() == 1


def test_narratives_carry_the_mean_of_their_texts(result):
    found = match_claims(result, CLAIMS, min_similarity=0)
    sizes = result.membership.groupby("narrative_id")["text_id"].nunique()
    texts = found.texts.merge(result.membership, on="text_id")
    expected = texts.groupby(["narrative_id", "claim_id"])["similarity"].sum()
    for row in found.narratives.to_dict("records"):
        mean = expected[row["narrative_id"], row["claim_id"]] / sizes[row["narrative_id"]]
        assert row["similarity"] == pytest.approx(mean, abs=1e-6)


def test_order_of_rows_and_of_claims_cannot_show(result):
    again = disinfo.detect(POSTS[::-1], progress=False)
    one, two = match_claims(result, CLAIMS), match_claims(again, CLAIMS[::-1])
    pd.testing.assert_frame_equal(one.texts, two.texts)
    pd.testing.assert_frame_equal(one.narratives, two.narratives)


def test_claims_in_another_language_are_found():
    corpus = reference_corpus()
    # Every fourth post is told in Polish; its claim is written in English, beside the others.
    told = [{"post_id": str(i), "text": corpus["pl"][i]} for i in range(0, 80, 4)]
    claims = [{"claim_id": str(i), "text": corpus["en"][i]} for i in range(80)]
    result = disinfo.detect(told, progress=False)
    found = match_claims(result, claims, min_similarity=0).texts
    named = found.merge(result.posts[["text_id", "post_id"]], on="text_id")
    first = named[named["rank"] == 1]
    assert (first["claim_id"] == first["post_id"]).mean() >= 0.9


def test_what_cannot_be_matched_gives_empty_tables(result):
    for found in (match_claims(Result(), CLAIMS), match_claims(result, [])):
        assert found.texts.empty
        assert found.narratives.empty
        assert list(found.narratives.columns) == list(tables.NARRATIVE_CLAIMS.columns)


def test_parameters_are_checked_all_at_once(result):
    with pytest.raises(ParameterError, match="2 problems"):
        match_claims(result, CLAIMS, top=0, min_similarity=1.0)


def test_rare_words_count_more_than_common_ones():
    index = SharedWords(["the cat in the house", "the dog in the garden", "the zebra in the house"])
    scores = index.scores(["the zebra", "", "nothing known"])
    assert scores[0].argmax() == 2
    assert (scores[1:] == 0).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=6), st.text(max_size=40))
def test_scores_stay_between_0_and_1(claims, text):
    scores = SharedWords(claims).scores([text])
    assert scores.shape == (1, len(claims))
    assert np.isfinite(scores).all()
    assert (scores >= 0).all()
    assert (scores < 1).all()


REVIEW = {
    "@context": "https://schema.org", "@type": "ClaimReview", "claimReviewed": "The bridge fell",
    "url": "https://facts.example/1", "headline": "Did the bridge fall?",
    "reviewRating": {"@type": "Rating", "alternateName": "False"},
}  # fmt: skip
API = {"claims": [{"text": "The bridge fell", "claimReview": [
    {"url": "https://facts.example/1", "title": "Did the bridge fall?", "textualRating": "False"}
]}]}  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [REVIEW, [REVIEW], {"@graph": [{"@type": "Article"}, REVIEW]}, API,
     {"@type": "DataFeed", "dataFeedElement": [{"item": [REVIEW]}]}],
    ids=["object", "list", "graph", "api", "feed"],
)  # fmt: skip
def test_claim_review_is_read_however_it_is_wrapped(value, tmp_path):
    file = tmp_path / "claims.json"
    file.write_text(json.dumps(value))
    for source in (value, file):
        (row,) = read_claims(source).table.to_dict("records")
        assert row["text"] == "The bridge fell"
        assert (row["title"], row["verdict"]) == ("Did the bridge fall?", "False")


def test_bad_claims_are_counted(tmp_path):
    file = tmp_path / "claims.csv"
    file.write_text("claim_id,text\n1,The bridge fell\n1,The bridge burned\n2,\n,No id\n")
    read = read_claims(file)
    assert len(read.table) == 2
    assert read.dropped.set_index("reason")["n"].to_dict() == {
        "claim with an id already read: left out": 1,
        "claim without a text: left out": 1,
    }


def test_wrong_claims_are_refused(tmp_path):
    (tmp_path / "x.json").write_text("{not json")
    with pytest.raises(InputError, match="neither JSON"):
        read_claims(tmp_path / "x.json")
    with pytest.raises(InputError, match="cannot be read"):
        read_claims(tmp_path / "none.json")
    with pytest.raises(SchemaError, match="'text' not found"):
        read_claims([{"claim": "x"}])
    with pytest.raises(ParameterError):
        read_claims(7)
