"""Scenes: worlds of one crowd each."""

import pytest

from benchmarks import scenes


@pytest.mark.parametrize("scene", [*scenes.BENIGN, *scenes.OPERATIONS], ids=lambda s: s.__name__)
def test_a_scene_has_its_accounts_within_two_weeks(scene, monkeypatch):
    monkeypatch.setattr(scenes, "N_BYSTANDERS", 40)
    posts, accounts = scenes.play(scene, 7)
    again, _ = scenes.play(scene, 7)
    assert posts.equals(again)
    assert set(accounts) & set(posts["account_id"])
    bystanders = posts["account_id"].str.startswith("by")
    assert bystanders.any()
    assert set(posts.loc[~bystanders, "account_id"]) <= set(accounts)
    span = posts["created_at"].max() - posts["created_at"].min()
    assert span.days <= scenes.DAYS
