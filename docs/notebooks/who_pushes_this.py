# %% [markdown]
# # Who pushes this, since when, how sure, show me
#
# A made-up election of 1,500 posts with one planted campaign and one newswire, so that the truth is
# known. With an export of your own, hand its path to `detect` instead.

# %%
import disinfo
from disinfo.simulation import Campaign, Twin, simulate

world = simulate(
    n_posts=1500,
    days=14,
    campaigns=(Campaign(kind="reworded", n_accounts=12, n_waves=14),),
    twins=(Twin(kind="newswire"),),
    seed=1,
)
result = disinfo.detect(world.posts, progress=False)
result

# %% [markdown]
# ## Who, and with whom

# %%
campaign_id = result.campaigns["campaign_id"].iloc[0]
members = result.members[result.members["campaign_id"] == campaign_id]
members.sort_values("strength", ascending=False).head()

# %%
result.plot.network()

# %% [markdown]
# ## Since when

# %%
result.plot.timeline(campaign_id)

# %%
pushed = result.campaigns.set_index("campaign_id").loc[campaign_id, "narratives"]
first = result.first_seen[result.first_seen["narrative_id"].isin(pushed)]
first.sort_values("at")[["narrative_id", "language", "platform", "at"]].head()

# %% [markdown]
# ## How sure
#
# `q` is about "do they act together?", the probability about "is it inauthentic?".

# %%
result.plot.evidence(campaign_id)

# %%
result.explain(campaign_id)[["signal", "bits", "because"]].head(8)

# %% [markdown]
# ## Show me

# %%
shown = result.exhibits[result.exhibits["subject_id"] == campaign_id].drop_duplicates("post_id")
shown.merge(result.posts, on="post_id")[["created_at", "language", "text"]].head(6)

# %% [markdown]
# ## Compared with the truth, which the search did not see

# %%
truth = world.truth_accounts.set_index("account_id")["role"]
members["account_id"].map(truth).value_counts()

# %%
page = result.report("report.html")
print(page.name, round(page.stat().st_size / 1e6, 2), "MB")
