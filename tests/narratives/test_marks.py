"""Texts that follow their links and tags: planted crowds come home, common marks move nobody."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo import tables
from disinfo.narratives import GroupByMeaning, text_table
from disinfo.narratives.follow_marks import follow_marks, nowhere
from disinfo.narratives.group_narratives import POINTLESS
from disinfo.narratives.marks import carriers, marks_of_posts

NONE = np.empty(0, dtype=np.int64)
FREE = (NONE, NONE), (NONE, NONE)
N_STORIES, TOLD, FILLERS = 4, 8, 5


def _crowd(tag="#story{}", everywhere=""):
    """Stories told in their own words under a tag, and fillers in like words under all tags."""
    rng = np.random.default_rng(2)
    story = np.concatenate(
        [np.repeat(np.arange(N_STORIES), TOLD), np.tile(np.arange(N_STORIES), FILLERS)]
    )
    filler = np.arange(len(story)) >= N_STORIES * TOLD
    centres = rng.normal(size=(N_STORIES + 1, 96))
    rows = centres[np.where(filler, N_STORIES, story)] + 0.5 * rng.normal(size=(len(story), 96))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    texts = pd.DataFrame(
        {
            "text_id": [f"t-{number:03d}" for number in range(len(story))],
            "text": [f"words {n} {tag.format(s)} {everywhere}" for n, s in enumerate(story)],
            "language": "en", "n_posts": 1, "n_accounts": 1, "first_seen": pd.NaT,
        }
    )  # fmt: skip
    return tables.TEXTS.check(texts), rows, story, filler


def _group(texts, rows, links=None):
    out = GroupByMeaning()(texts, rows, tables.LINKS.empty() if links is None else links)
    return out, out["membership"].set_index("text_id").loc[texts["text_id"]]


def test_a_crowd_comes_to_the_story_that_its_tag_is_for():
    texts, rows, story, filler = _crowd()
    out, told = _group(texts, rows)
    assert told["narrative_id"].groupby(story).nunique().max() == 1
    assert told["narrative_id"].nunique() == N_STORIES
    assert (told["joined_by"].to_numpy()[~filler] == "words").all()
    moved = (told["joined_by"] == "marks").to_numpy()
    assert moved[filler].sum() >= FILLERS * N_STORIES - 1
    # The message stays one message, and a topic and a stability are said of each narrative once.
    family = out["family_members"].set_index("text_id")["family_id"].loc[texts["text_id"]]
    assert family[filler].nunique() < FILLERS
    assert out["topic_members"]["narrative_id"].is_unique
    assert set(out["topic_members"]["narrative_id"]) == set(told["narrative_id"])


def test_a_mark_of_all_stories_moves_nobody_and_is_counted():
    texts, rows, _, filler = _crowd(tag="#news")
    out, told = _group(texts, rows)
    assert (told["joined_by"] == "words").all()
    assert len(set(told["narrative_id"][filler])) == 1
    assert out["dropped"][["reason", "n", "example_id"]].values.tolist() == [
        [POINTLESS, 1, "#news"]
    ]


def test_a_common_mark_beside_the_own_one_does_no_harm():
    texts, rows, story, _ = _crowd(everywhere="#news https://portal.example/")
    _, told = _group(texts, rows)
    assert told["narrative_id"].groupby(story).nunique().max() == 1


def test_texts_without_marks_are_grouped_as_ever():
    texts, rows, _, filler = _crowd(tag="{}")
    out, told = _group(texts, rows)
    assert (told["joined_by"] == "words").all()
    assert len(set(told["narrative_id"][filler])) == 1
    assert out["dropped"].empty


def test_no_order_of_rows_shows():
    texts, rows, _, _ = _crowd()
    order = np.random.default_rng(0).permutation(len(texts))
    one, two = _group(texts, rows), _group(texts.iloc[order].reset_index(drop=True), rows[order])
    pd.testing.assert_frame_equal(
        one[1].sort_index()[["narrative_id", "joined_by"]],
        two[1].sort_index()[["narrative_id", "joined_by"]],
    )


def test_opposed_texts_do_not_meet_by_their_tag():
    texts, rows, _, filler = _crowd()
    first = int(np.flatnonzero(filler)[0])
    links = pd.DataFrame(
        {
            "text_a": ["t-000"], "text_b": [f"t-{first:03d}"], "kind": ["opposed"],
            "similarity": [0.9], "lexical_similarity": [0.9],
        }
    )  # fmt: skip
    _, told = _group(texts, rows, tables.LINKS.check(links))
    assert told["narrative_id"].iloc[0] != told["narrative_id"].iloc[first]
    assert told["joined_by"].iloc[first] == "words"


def test_marks_are_those_of_all_posts_of_a_text():
    posts = pd.DataFrame(
        {
            "post_id": ["1", "2", "3"], "account_id": "a", "created_at": pd.NaT,
            "text": ["Hello there", "hello there!", "other"],
            "urls": [["a.org/1"], ["a.org/1", "a.org"], None], "hashtags": [[], ["x"], []],
        }
    )  # fmt: skip
    texts, _ = text_table(tables.POSTS.check(posts))
    assert sorted(texts["marks"].tolist()) == [[], ["#x", "a.org/1"]]
    assert marks_of_posts(posts.drop(columns=["urls", "hashtags"])) == [[], [], []]


cells = st.lists(st.lists(st.sampled_from("abcdef"), max_size=3, unique=True), min_size=1)


@settings(max_examples=80, deadline=None)
@given(cells, st.integers(0, 1000))
def test_no_narrative_is_left_to_strangers_and_what_is_apart_stays_so(marks, seed):
    rng = np.random.default_rng(seed)
    n = len(marks)
    cores = np.unique(rng.integers(0, 4, n), return_inverse=True)[1]
    first, second = rng.integers(0, n, 5), rng.integers(0, n, 5)
    kept = cores[first] != cores[second]
    rows, codes, names = carriers(marks)
    apart = (first[kept], second[kept]), (NONE, NONE)
    k = int(cores.max()) + 1
    found = follow_marks(cores, (rows, codes), apart, nowhere(len(names), k)).narratives
    assert (found[apart[0][0]] != found[apart[0][1]]).all()
    assert set(found) <= set(cores[found == cores])
    bare = np.array([not cell for cell in marks])
    assert (found[bare] == cores[bare]).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_texts_and_marks_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    marks = [list(rng.choice(list("abcd"), rng.integers(0, 3), replace=False)) for _ in range(40)]
    cores = np.arange(40) % 5
    order = rng.permutation(40)

    def told(rows):
        row, code, names = carriers([marks[at] for at in rows])
        return follow_marks(cores[rows], (row, code), FREE, nowhere(len(names), 5)).narratives

    assert (told(order) == told(np.arange(40))[order]).all()


def test_a_common_mark_alone_takes_no_text_out_of_a_story_that_its_own_tag_bears_out():
    cores = np.repeat([0, 1, 2], [12, 10, 20])
    marks = [["a"]] * 12 + [["b"]] * 9 + [["x"]] + [["c"]] * 20
    for row in (0, 1, 2, 3, 4, 5, 22, 23, 24):
        marks[row] = [*marks[row], "x"]

    def told(marks):
        rows, codes, names = carriers(marks)
        return follow_marks(cores, (rows, codes), FREE, nowhere(len(names), 3)).narratives[21]

    assert told(marks) == 1
    # Without a tag of its own the story has no hold.
    assert told([[] if cell == ["b"] else cell for cell in marks]) == 0
