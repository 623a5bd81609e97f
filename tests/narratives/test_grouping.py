import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo import tables
from disinfo.errors import ParameterError
from disinfo.links import LinkByMeaning
from disinfo.narratives import GroupByMeaning, describe, text_table
from disinfo.narratives.linkage import average_linkage

NONE = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def _unit(rows):
    array = np.asarray(rows, dtype=np.float32)
    return array / np.linalg.norm(array, axis=1, keepdims=True)


def test_a_bridge_does_not_chain_two_messages():
    # Two tight groups and one mixed text halfway between them, linked to both.
    rng = np.random.default_rng(0)
    left = np.tile([1.0, 0.0, 0.0], (6, 1)) + 0.05 * rng.normal(size=(6, 3))
    right = np.tile([0.0, 1.0, 0.0], (6, 1)) + 0.05 * rng.normal(size=(6, 3))
    vectors = _unit(np.vstack([left, right, [[1.0, 1.0, 0.0]]]))
    ids = np.arange(13)
    near = [(a, b) for a in ids for b in ids if a < b and vectors[a] @ vectors[b] > 0.6]
    first, second = (np.array(side) for side in zip(*near, strict=True))
    labels = average_linkage(vectors, (first, second), NONE, floor=0.5)
    assert len(set(labels[:6].tolist())) == len(set(labels[6:12].tolist())) == 1
    assert labels[0] != labels[6]


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 25), st.integers(0, 1000))
def test_what_must_stay_apart_does(n, seed):
    rng = np.random.default_rng(seed)
    vectors = _unit(rng.normal(size=(n, 3)) + 2)
    first, second = np.triu_indices(n, 1)
    apart = (first[:: n + 1], second[:: n + 1])
    labels = average_linkage(vectors, (first, second), apart, floor=0.0)
    assert (labels[apart[0]] != labels[apart[1]]).all()
    assert (labels <= np.arange(n)).all()  # a cluster is named after its smallest row
    assert (labels[labels] == labels).all()


NOUNS = ["bridge", "harvest", "ferry", "museum", "orchard"]


def _world(n_stories=5, per_story=12, d=96):
    rng = np.random.default_rng(1)
    centres = rng.normal(size=(n_stories, d))
    story = np.repeat(np.arange(n_stories), per_story)
    vectors = _unit(centres[story] + 0.5 * rng.normal(size=(len(story), d)))
    texts = pd.DataFrame(
        {
            "text_id": [f"t-{number:03d}" for number in range(len(story))],
            "text": [f"the {NOUNS[s]} of today {number}" for number, s in enumerate(story)],
            "language": np.where(np.arange(len(story)) % 2 == 0, "en", "pl"),
            "n_posts": 1,
            "n_accounts": 1,
            "first_seen": pd.Timestamp("2025-05-01", tz="UTC"),
        }
    )
    return tables.TEXTS.check(texts), vectors, story


def test_stories_come_out_whole_in_any_order_of_rows():
    texts, vectors, story = _world()
    found = GroupByMeaning()(texts, vectors, tables.LINKS.empty())["membership"]
    assert pd.Series(found["narrative_id"].to_numpy()).groupby(story).nunique().max() == 1
    assert found["narrative_id"].nunique() == 5
    assert set(found["text_id"]) == set(texts["text_id"])  # every text is in a narrative


def _kept_apart(kind):
    """Return whether two like texts with a link of a kind share a family, and a narrative."""
    texts, vectors, _ = _world(n_stories=1, per_story=2)
    links = pd.DataFrame(
        {
            "text_a": ["t-000"], "text_b": ["t-001"], "kind": [kind],
            "similarity": [0.9], "lexical_similarity": [0.9],
        }
    )  # fmt: skip
    out = GroupByMeaning(family_floor=0.4)(texts, vectors, tables.LINKS.check(links))
    return (
        len(set(out["family_members"]["family_id"])) == 1,
        len(set(out["membership"]["narrative_id"])) == 1,
    )


def test_a_changed_report_is_another_message_of_one_story_and_an_opposed_one_of_another():
    assert _kept_apart("near") == (True, True)
    assert _kept_apart("changed") == (False, True)
    assert _kept_apart("opposed") == (False, False)
    assert _kept_apart("renamed") == (False, False)


STORIES = {
    "en": ("The flood in Lipno left {} people homeless", "The miners of Karsk strike since {}"),
    "pl": ("Powódź w Lipnie pozbawiła domu {} osób", "Górnicy z Karska strajkują od {}"),
    "uk": ("Повінь у Липному лишила без дому {} людей", "Шахтарі Карська страйкують з {}"),
    "ru": ("Наводнение в Липно лишило дома {} человек", "Шахтёры Карска бастуют с {}"),
    "de": ("Die Flut in Lipno machte {} Menschen obdachlos", "Kumpel in Karsk streiken seit {}"),
}
DAYS = {
    "en": ("Monday", "Tuesday"), "pl": ("poniedziałku", "wtorku"), "uk": ("понеділка", "вівторка"),
    "ru": ("понедельника", "вторника"), "de": ("Montag", "Dienstag"),
}  # fmt: skip


def test_stories_in_five_languages_whose_toll_and_day_move_on_come_out_whole():
    rows = []
    for language, (flood, strike) in STORIES.items():
        rows += [("flood", language, flood.format(toll)) for toll in (30, 75, 120)]
        rows += [("strike", language, strike.format(day)) for day in DAYS[language]]
    story, languages, written = zip(*rows, strict=True)
    rng = np.random.default_rng(3)
    centre = {name: rng.normal(size=96) for name in ("flood", "strike")}
    vectors = _unit([centre[name] + 0.4 * rng.normal(size=96) for name in story])
    texts = pd.DataFrame(
        {
            "text_id": [f"t-{number:02d}" for number in range(len(rows))],
            "text": written,
            "language": languages,
            "n_posts": 1,
            "n_accounts": 1,
            "first_seen": pd.NaT,
        }
    )
    links = LinkByMeaning()(tables.TEXTS.check(texts), vectors)["links"]
    out = GroupByMeaning()(texts, vectors, links)
    narrative = out["membership"].groupby(np.array(story))["narrative_id"].nunique()
    assert narrative.to_dict() == {"flood": 1, "strike": 1}
    assert out["membership"]["narrative_id"].nunique() == 2
    # Another toll is another message: no family holds two in one language.
    told = out["family_members"].assign(language=languages, story=story)
    assert told.groupby(["story", "language", "family_id"]).size().max() == 1


def test_floors_must_descend():
    with pytest.raises(ParameterError, match="descend"):
        GroupByMeaning(family_floor=0.1)


def test_copies_are_one_text_and_counted():
    posts = tables.POSTS.check(
        pd.DataFrame(
            {
                "post_id": ["3", "1", "2", "4"],
                "account_id": ["a", "b", "a", "c"],
                "text": ["Rain tomorrow!", "rain TOMORROW", "Something else", None],
                "created_at": pd.to_datetime(
                    ["2025-05-02", "2025-05-01", "2025-05-01", "2025-05-01"], utc=True
                ),
            }
        )
    )
    texts, text_id = text_table(posts)
    assert texts["n_posts"].sum() == 3
    copies = texts[texts["n_posts"] == 2].iloc[0]
    assert copies["text"] == "rain TOMORROW"  # the earliest
    assert copies["n_accounts"] == 2
    assert text_id.isna().sum() == 1


def test_descriptions_add_up():
    texts, vectors, story = _world()
    stage = GroupByMeaning()
    grouped = stage(texts, vectors, tables.LINKS.empty())
    narrative = grouped["membership"].set_index("text_id")["narrative_id"]
    family = grouped["family_members"].set_index("text_id")["family_id"]
    posts = tables.POSTS.check(
        pd.DataFrame(
            {
                "post_id": [f"p{number}" for number in range(len(texts))],
                "account_id": "a",
                "text": texts["text"],
                "created_at": texts["first_seen"],
                "text_id": texts["text_id"],
                "narrative_id": texts["text_id"].map(narrative),
                "family_id": texts["text_id"].map(family),
            }
        )
    )
    out = describe(posts, texts, vectors, grouped)
    assert out["narratives"]["n_posts"].sum() == len(posts)
    assert out["families"]["n_texts"].sum() == len(texts)
    assert out["narratives"]["coherence"].between(0, 1).all()
    assert out["families"]["density"].between(0, 1).all()
    assert (out["narratives"]["n_languages"] == 2).all()
    for row in out["narratives"].itertuples():
        number = story[texts["text_id"].tolist().index(row.medoid_text_id)]
        assert row.keywords[0] == NOUNS[number]
