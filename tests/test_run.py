import dataclasses
import hashlib

import numpy as np
import pandas as pd
import pytest

import disinfo
from disinfo import tables
from disinfo.errors import ParameterError, ResultError, SchemaError
from disinfo.pipeline import Pipeline
from disinfo.simulation import Campaign, Twin, simulate


def letters(texts):
    """A small embedding without a model: hashed character trigrams."""
    rows = np.zeros((len(texts), 64), dtype=np.float32)
    for number, text in enumerate(texts):
        for at in range(max(len(text) - 2, 1)):
            digest = hashlib.blake2b(text[at : at + 3].encode(), digest_size=2).digest()
            rows[number, digest[0] % 64] += 1 if digest[1] & 1 else -1
        rows[number, 0] += 1e-3
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


LIGHT = Pipeline(embed=letters)


@pytest.fixture(scope="module")
def world():
    return simulate(
        n_posts=1500,
        days=14,
        bursts=1,
        campaigns=(Campaign(kind="copypasta", n_accounts=12, n_waves=12),),
        twins=(Twin(kind="newswire"),),
        seed=5,
    )


@pytest.fixture(scope="module")
def result(world):
    return disinfo.detect(world.posts, pipeline=LIGHT)


def _equal(first, second, *, skip=()):
    for name, frame in first.tables.items():
        if name not in skip:
            pd.testing.assert_frame_equal(frame, second.tables[name], obj=name)


def test_all_tables_pass_their_checks(result):
    for name, frame in result.tables.items():
        order = name not in ("posts", "campaigns")
        checked = tables.ALL[name].check(frame, sort=order)
        pd.testing.assert_frame_equal(checked, frame, obj=name)


def test_any_order_of_rows_gives_the_same_tables(world, result):
    shuffled = world.posts.sample(frac=1, random_state=3)
    again = disinfo.detect(shuffled, pipeline=LIGHT)
    _equal(result, again, skip=("posts",))
    assert again.posts["post_id"].tolist() == shuffled["post_id"].tolist()  # input order is kept
    by_id = again.posts.set_index("post_id").loc[result.posts["post_id"]].reset_index()
    pd.testing.assert_frame_equal(by_id[result.posts.columns], result.posts)


def test_the_input_is_not_changed(world):
    before = world.posts.copy(deep=True)
    disinfo.detect(world.posts, pipeline=LIGHT)
    pd.testing.assert_frame_equal(world.posts, before)


def test_saved_and_loaded_results_are_equal(result, tmp_path):
    result.save(tmp_path / "out")
    loaded = disinfo.load(tmp_path / "out")
    _equal(result, loaded)
    assert loaded.manifest["n_posts"] == result.manifest["n_posts"]
    loaded.save(tmp_path / "out")  # over itself
    _equal(result, disinfo.load(tmp_path / "out"))


def test_damaged_results_are_refused(result, tmp_path):
    folder = result.save(tmp_path / "out")
    (folder / "texts.parquet").write_bytes(b"not parquet")
    with pytest.raises(ResultError, match=r"texts\.parquet"):
        disinfo.load(folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(ResultError, match="not a saved result"):
        disinfo.load(folder)
    with pytest.raises(ResultError, match="cannot save"):
        result.save(folder / "edges.parquet" / "below-a-file")


def test_explaining(result):
    with pytest.raises(ParameterError, match="no campaign, account"):
        result.explain("c-0000000000")
    lone = result.accounts.query("verdict == 'no finding'")["account_id"].iloc[0]
    assert result.explain(lone).empty


@pytest.mark.parametrize(
    "rows",
    [
        [{"text": "one post"}],
        [{"text": "all the same"}] * 30,
        [{"text": "👍"}, {"text": "👍👍"}],
        [{"text": "https://a.example/x"}, {"text": "https://a.example/y"}],
        [{"account_id": "a", "created_at": "2025-05-01", "object_id": "x"}],
        [{"account_id": a, "created_at": "2025-05-01", "object_id": "x"} for a in "abcdefgh"],
        [{"text": "x", "account_id": "a", "created_at": None}],
    ],
)
def test_tiny_inputs_give_valid_empty_findings(rows):
    result = disinfo.detect(rows, pipeline=LIGHT)
    assert result.campaigns.empty
    assert len(result.posts) == len(rows)
    assert "smallest_campaign" in result.manifest


def test_an_empty_table_is_a_valid_input():
    empty = pd.DataFrame({"text": pd.Series([], dtype="str")})
    assert disinfo.detect(empty, pipeline=LIGHT).posts.empty


def test_ready_made_vectors(world, result):
    vectors = letters(world.posts["text"].tolist())
    given = disinfo.detect(world.posts, pipeline=LIGHT, embeddings=vectors)
    _equal(result, given)
    with pytest.raises(SchemaError, match="one row a post"):
        disinfo.detect(world.posts, pipeline=LIGHT, embeddings=vectors[:-1])
    with pytest.raises(SchemaError, match="unit length"):
        disinfo.detect(world.posts, pipeline=LIGHT, embeddings=7 * vectors)


def test_ready_made_links_and_actions(world, result):
    given = disinfo.detect(world.posts, pipeline=LIGHT, links=result.links, actions=result.actions)
    _equal(result, given, skip=("dropped",))
    with pytest.raises(SchemaError, match="actions="):
        disinfo.detect(world.posts, pipeline=LIGHT, actions=result.edges)


def test_plain_functions_replace_stages(world):
    def no_links(texts, embeddings):
        return tables.LINKS.empty()

    def one_story(texts, embeddings, links):
        return pd.DataFrame({"text_id": texts["text_id"], "narrative_id": "n-1", "weight": 1.0})

    stages = dataclasses.replace(LIGHT, link_texts=no_links, group_narratives=one_story)
    found = disinfo.detect(world.posts, pipeline=stages)
    assert found.links.empty
    assert found.narratives["narrative_id"].tolist() == ["n-1"]
    assert found.families["n_texts"].eq(1).all()


def test_a_stage_that_returns_rubbish_is_named(world):
    stages = dataclasses.replace(LIGHT, link_texts=lambda texts, embeddings: {"nonsense": texts})
    with pytest.raises(SchemaError, match="links"):
        disinfo.detect(world.posts, pipeline=stages)


def test_settings():
    built = Pipeline.from_config({"group_accounts": {"alpha": 0.01, "windows_s": [60, 600]}})
    assert built.group_accounts.windows_s == (60, 600)
    assert built.with_settings(alpha=0.1, prevalence=None, seed=None).group_accounts.alpha == 0.1
    with pytest.raises(ParameterError) as caught:
        Pipeline.from_config({"grup_accounts": {}, "score": {"prevalance": 0.5}})
    assert "group_accounts" in str(caught.value)
    assert "'prevalence' for 'prevalance'" in str(caught.value)
    own = dataclasses.replace(LIGHT, score=lambda findings, evidence: {})
    with pytest.raises(ParameterError, match="no settings"):
        own.with_settings(alpha=None, prevalence=0.5, seed=None)


def test_a_window_below_the_resolution_is_an_error_when_asked_for(world):
    minutes = world.posts.assign(created_at=world.posts["created_at"].dt.floor("min"))
    asked = Pipeline.from_config({"link_accounts": {"windows_s": [10, 60]}})
    asked = dataclasses.replace(asked, embed=letters)
    with pytest.raises(ParameterError, match="time resolution"):
        disinfo.detect(minutes, pipeline=asked)


def test_the_demo_finds_its_campaign_and_nobody_else(demo):
    world, result = demo
    truth = world.truth_accounts.set_index("account_id")
    planted = set(truth.index[truth["role"] == "campaign"])
    named = set(result.members["account_id"])
    assert (result.campaigns["q"] <= 0.05).all()
    assert len(named & planted) >= 0.8 * len(planted)
    assert not (truth.loc[sorted(named), "role"] == "organic").any()


def test_the_demo_does_not_accuse_the_newswire(demo):
    world, result = demo
    truth = world.truth_accounts.set_index("account_id")
    twin = set(truth.index[truth["role"] == "twin"])
    of_twin = result.accounts[result.accounts["account_id"].isin(twin)]
    assert (of_twin["verdict"] != "likely inauthentic").all()
    assert (of_twin["verdict"] != "no finding").any()


def test_bits_of_the_demo_sum_to_its_probabilities(demo):
    _, result = demo
    for row in result.campaigns.dropna(subset=["probability"]).itertuples():
        bits = result.explain(row.campaign_id)["bits"].sum()
        assert np.isclose(1 / (1 + 2.0**-bits), row.probability)
