import pandas as pd
import pytest

from benchmarks.scale.static_tier import found, sample
from benchmarks.worlds import CAMPAIGNS
from disinfo.simulation import Campaign, simulate


@pytest.fixture(scope="module")
def world():
    campaigns = tuple(Campaign(kind=kind, n_accounts=4) for kind in CAMPAIGNS[:2]) * 2  # type: ignore[arg-type]
    return simulate(n_posts=1500, days=14, campaigns=campaigns, bursts=0, seed=4)


def test_the_sample_holds_one_campaign_of_each_kind_whole(world):
    posts = sample(world, 700)
    assert len(posts) <= 700
    groups = world.truth_groups.query("inauthentic").set_index("group_id")
    truth = world.truth_accounts.set_index("account_id")["group_id"]
    kept = posts["account_id"].map(truth).dropna()
    kept = kept[kept.isin(groups.index)]
    assert sorted(groups.loc[kept.unique(), "kind"]) == sorted(CAMPAIGNS[:2])
    whole = world.posts[world.posts["account_id"].map(truth).isin(kept.unique())]
    assert len(kept) == len(whole)


def test_what_is_found_counts_halves_of_campaigns(world):
    truth = world.truth_accounts.dropna(subset="group_id")
    inauthentic = world.truth_groups.query("inauthentic")["group_id"]
    first, second, *_ = inauthentic
    accounts = [
        *truth.loc[truth["group_id"] == first, "account_id"].iloc[:2],
        *truth.loc[truth["group_id"] == second, "account_id"].iloc[:1],
        *world.truth_accounts.query("group_id.isna()")["account_id"].iloc[:2],
    ]
    campaigns = ["c-1", "c-1", "c-2", "c-3", "c-3"]
    members = pd.DataFrame({"campaign_id": campaigns, "account_id": accounts})
    counted = found(world, world.posts, members)
    assert (counted["planted"], counted["found"], counted["called"]) == (4, 1, 3)
    assert counted["called_of_no_planted_group"] == 1
