"""Posts added to a result: ids stay, the outcome is near that of one run, history is recorded."""

import dataclasses
import hashlib
import itertools

import numpy as np
import pandas as pd
import pytest

import disinfo
from disinfo import tables
from disinfo.errors import ParameterError
from disinfo.narratives import GroupByMeaning
from disinfo.pipeline import Pipeline
from disinfo.simulation import Campaign, simulate

# Words that are no contraries, numbers or dates: texts that differ in those are held to be opposed.
PLACES = ("square", "garden", "corner", "harbour", "cellar", "village", "castle", "river")
DAYS = ("muddy", "rocky", "leafy", "golden", "misty", "dusty", "mossy", "sandy")
STORIES = ("bridge", "harvest", "ferry", "museum", "orchard", "tunnel")


def stories(texts):
    """An embedding without a model: a direction for each story named, and some noise."""
    rows = np.zeros((len(texts), 32), dtype=np.float32)
    for number, text in enumerate(texts):
        digest = hashlib.blake2b(text.encode(), digest_size=32).digest()
        rows[number] = (np.frombuffer(digest, dtype=np.uint8).astype(np.float32) - 127.5) / 700
        for at, story in enumerate(STORIES):
            rows[number, at] += text.count(story)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


LIGHT = Pipeline(embed=stories)
START = pd.Timestamp("2025-05-01", tz="UTC")


def day(number, names, n=6):
    return pd.DataFrame(
        [
            {
                "post_id": f"{number:02d}-{name}-{copy}",
                "account_id": f"a{copy}",
                "created_at": START + pd.Timedelta(days=number, minutes=copy),
                "text": f"{DAYS[number]} word from the {PLACES[copy % 8]} on the {name}"
                + " again" * (copy // 8),
            }
            for name in names
            for copy in range(n)
        ]
    )


def run(posts):
    return disinfo.detect(posts, pipeline=LIGHT, progress=False)


def later(result, posts):
    return result.update(posts, pipeline=LIGHT, progress=False)


@pytest.fixture(scope="module")
def month():
    result = run(day(0, STORIES[:3]))
    history = [result]
    for number in range(1, 5):
        result = later(result, day(number, STORIES[: 3 + number // 2]))
        history.append(result)
    return history


def test_every_table_passes_its_check(month):
    for name, frame in month[-1].tables.items():
        order = name not in ("posts", "campaigns")
        pd.testing.assert_frame_equal(tables.ALL[name].check(frame, sort=order), frame, obj=name)


def test_old_posts_keep_their_ids(month):
    for before, after in itertools.pairwise(month):
        old = before.posts.set_index("post_id")
        new = after.posts.set_index("post_id").loc[old.index]
        for column in ("text_id", "family_id", "narrative_id"):
            assert (old[column] == new[column]).all()


def test_a_story_is_one_narrative_as_in_one_run(month):
    posts = month[-1].posts
    story = posts["text"].str.split().str[-1]
    assert posts["narrative_id"].groupby(story).nunique().max() == 1
    assert posts["narrative_id"].nunique() == story.nunique() == 5
    once = run(posts[["post_id", "account_id", "created_at", "text"]])
    counted = ["n_posts", "n_accounts", "n_texts", "n_languages"]
    for name in ("narratives", "topics"):
        both = [len(one.tables[name]) for one in (once, month[-1])]
        assert both[0] == both[1]
    ours = month[-1].narratives.sort_values("first_seen")[counted].to_numpy()
    assert (np.sort(ours, axis=0) == np.sort(once.narratives[counted].to_numpy(), axis=0)).all()


def test_births_are_recorded_once(month):
    lineage = month[-1].lineage
    assert lineage["event"].tolist() == ["birth", "birth"]
    assert set(lineage["new_id"]) <= set(month[-1].narratives["narrative_id"])
    assert month[0].lineage.empty


def test_summaries_are_those_of_the_posts(month):
    result = month[-1]
    sizes = result.posts.groupby("narrative_id").size()
    assert (result.narratives.set_index("narrative_id")["n_posts"] == sizes).all()
    families = result.posts.groupby("family_id").size()
    assert (result.families.set_index("family_id")["n_posts"] == families).all()
    assert result.families["n_texts"].sum() == len(result.texts)
    first = result.posts.groupby("narrative_id")["created_at"].min()
    assert (result.first_seen.set_index("narrative_id")["at"].groupby(level=0).min() == first).all()


def test_known_posts_are_counted_and_nothing_else_changes(month):
    again = later(month[-1], day(4, STORIES[:2]))
    left_out = again.dropped.set_index("reason")["n"]
    assert left_out["post already in the result: left out"] == 12
    for name in ("posts", "narratives", "families", "texts", "membership", "lineage"):
        pd.testing.assert_frame_equal(again.tables[name], month[-1].tables[name], obj=name)


def test_the_order_of_new_posts_cannot_show(month):
    new = day(7, STORIES)
    one, two = later(month[-1], new), later(month[-1], new[::-1])
    for name in ("narratives", "families", "membership", "lineage", "texts", "links"):
        pd.testing.assert_frame_equal(one.tables[name], two.tables[name], obj=name)


def test_it_goes_on_after_saving(month, tmp_path):
    month[1].save(tmp_path / "out")
    loaded = disinfo.load(tmp_path / "out")
    again = later(loaded, day(2, STORIES[:4]))
    for name in ("narratives", "families", "membership", "lineage"):
        pd.testing.assert_frame_equal(again.tables[name], month[2].tables[name], obj=name)


def test_narratives_that_grow_together_merge():
    first = run(pd.concat([day(0, ["bridge"]), day(0, ["ferry"])]))
    assert first.posts["narrative_id"].nunique() == 2
    sizes = first.posts.groupby("narrative_id").size()
    between = day(1, ["bridge ferry"], n=40)
    after = later(first, between)
    merged = after.lineage[after.lineage["event"] == "merge"]
    assert len(merged) == 1
    assert set(merged["old_id"]) | set(merged["new_id"]) == set(sizes.index)
    assert len(after.narratives) == 1


def test_a_toll_that_rises_joins_the_story_and_founds_a_message():
    def told(toll, number):
        text = f"The fall of the bridge beside the old square has hurt {toll} people"
        return day(number, ["bridge"]).assign(text=text)

    after = later(run(told(3, 0)), told(5, 1))
    assert after.links["kind"].tolist() == ["changed"]
    assert len(after.narratives) == 1
    assert len(after.families) == 2


def test_a_replaced_stage_has_to_be_handed_in(month):
    with pytest.raises(ParameterError, match="hand in its pipeline"):
        month[0].update(day(1, STORIES[:1]), progress=False)
    own = dataclasses.replace(LIGHT, group_narratives=lambda texts, vectors, links: None)
    with pytest.raises(ParameterError, match="built-in"):
        month[0].update(day(1, STORIES[:1]), pipeline=own, progress=False)


def test_an_empty_result_can_be_added_to():
    result = run(day(0, []).reindex(columns=["post_id", "account_id", "created_at", "text"]))
    after = later(result, day(1, STORIES[:2]))
    assert after.posts["narrative_id"].nunique() == 2


def test_a_campaign_keeps_its_id():
    world = simulate(
        n_posts=1500,
        days=14,
        bursts=1,
        campaigns=(Campaign(kind="copypasta", n_accounts=12, n_waves=12),),
        twins=(),
        seed=5,
    )
    posts = world.posts.sort_values("created_at")
    cut = int(len(posts) * 0.9)
    first = run(posts[:cut])
    assert len(first.campaigns) >= 1
    after = later(first, posts[cut:])
    assert set(first.campaigns["campaign_id"]) & set(after.campaigns["campaign_id"])
    for name in ("members", "campaign_objects"):
        assert set(after.tables[name]["campaign_id"]) <= set(after.campaigns["campaign_id"])


def test_floors_of_the_run_are_taken_from_the_manifest():
    from disinfo.update import _recorded

    stages = Pipeline(group_narratives=GroupByMeaning(narrative_floor=0.35))
    result = disinfo.detect(
        [{"account_id": "a", "created_at": "2025-05-01", "object_id": "x"}],
        pipeline=stages,
        progress=False,
    )
    assert _recorded(result).group_narratives.narrative_floor == 0.35


def crowd(number, names, n=6):
    """What people say to stories without naming them, under a tag of each."""
    posts = [
        {
            "post_id": f"{number:02d}-crowd-{name}-{copy}",
            "account_id": f"c{number}{copy}",
            "created_at": START + pd.Timedelta(days=number, hours=1, minutes=copy),
            "text": f"my {PLACES[copy % 8]} museum would {DAYS[number]} like that"
            f" #t{STORIES.index(name)}",
        }
        for name in names
        for copy in range(n)
    ]
    return pd.DataFrame(posts)


def tagged(number, names):
    posts = day(number, names, n=8)
    tags = posts["text"].str.split().str[-1].map(STORIES.index).astype("str")
    return posts.assign(text=posts["text"] + " #t" + tags)


def _story_of(result):
    posts = result.posts.set_index("post_id")
    told = posts[posts["text"].str.contains(" on the ")]
    tag = posts["text"].str.extract(r"#t(\d)")[0]
    home = told.groupby(tag[told.index])["narrative_id"].first()
    crowd_posts = posts[posts["text"].str.contains(" would ")]
    return crowd_posts["narrative_id"] == tag[crowd_posts.index].map(home)


def test_a_crowd_that_came_by_its_tags_stays_and_later_ones_come_too():
    names = ["bridge", "ferry"]
    first = run(pd.concat([tagged(0, names), crowd(0, names)]))
    assert _story_of(first).all()
    assert (first.membership["joined_by"] == "marks").sum() == 12
    after = later(first, pd.concat([tagged(1, names), crowd(1, names)]))
    last = later(after, tagged(2, names))
    for before, then in ((first, after), (after, last)):
        old = before.posts.set_index("post_id")["narrative_id"]
        assert (old == then.posts.set_index("post_id")["narrative_id"].loc[old.index]).all()
    assert _story_of(last).all()
    assert last.lineage.empty
    assert len(last.narratives) == 2
    sizes = last.posts.groupby("narrative_id").size()
    assert (last.narratives.set_index("narrative_id")["n_posts"] == sizes).all()
    by_narrative = last.membership.groupby("narrative_id").size()
    assert (last.narratives.set_index("narrative_id")["n_texts"] == by_narrative).all()


def test_what_the_crowd_says_without_a_tag_is_a_narrative_of_its_own_again():
    names = ["bridge", "ferry"]
    first = run(pd.concat([tagged(0, names), crowd(0, names)]))
    bare = crowd(1, names[:1])
    after = later(first, bare.assign(text=bare["text"].str.replace(" #t0", "")))
    assert after.lineage["event"].tolist() == ["birth"]
    new = after.posts[after.posts["post_id"].isin(bare["post_id"])]
    assert set(new["narrative_id"]) == set(after.lineage["new_id"])
    assert len(after.narratives) == 3
    for name, frame in after.tables.items():
        order = name not in ("posts", "campaigns")
        pd.testing.assert_frame_equal(tables.ALL[name].check(frame, sort=order), frame, obj=name)
