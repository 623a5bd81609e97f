"""What `detect` finds and takes with the static tier alone, beside the default model.

    python -m benchmarks.scale.static_tier --posts 1000000

One simulated election with a campaign of every kind for each 50,000 posts. All its texts are
embedded by the static tier. The whole job runs with either on a sample: the accounts of one
campaign of each kind, and of the others as many as make 50,000 posts. A campaign is found when half
of its accounts are members of one that is called; a group that is called and is no planted one is
counted too.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from typing import Any

import pandas as pd

from benchmarks.intervals import exact_interval
from benchmarks.scale.results import write
from benchmarks.worlds import CAMPAIGNS
from disinfo.simulation import Campaign, World, simulate

SAMPLE = 50_000
N_ACCOUNTS = 20
SEED = 30_100


def world(n_posts: int, seed: int) -> World:
    """Simulate an election with every kind of campaign for each 50,000 posts."""
    campaigns = tuple(Campaign(kind=kind, n_accounts=N_ACCOUNTS) for kind in CAMPAIGNS)  # type: ignore[arg-type]
    return simulate(n_posts=n_posts, campaigns=campaigns * (n_posts // SAMPLE), seed=seed)


def sample(whole: World, n_posts: int) -> pd.DataFrame:
    """Return the posts of the first campaign of each kind and of so many other accounts."""
    groups = whole.truth_groups[whole.truth_groups["inauthentic"].astype(bool)]
    kept = set(groups.drop_duplicates("kind")["group_id"])
    truth = whole.truth_accounts.set_index("account_id")["group_id"]
    planted = truth[truth.isin(set(groups["group_id"]))]
    posts = whole.posts
    own = posts["account_id"].isin(planted[planted.isin(kept)].index)
    others = posts[~posts["account_id"].isin(planted.index)]
    # Names of simulated accounts say nothing, so their order is a draw.
    size = others.groupby("account_id").size().sort_index().sample(frac=1, random_state=0)
    drawn = size.index[size.cumsum() <= n_posts - int(own.sum())]
    return posts[own | posts["account_id"].isin(set(drawn))]


def found(whole: World, posts: pd.DataFrame, members: pd.DataFrame) -> dict[str, Any]:
    """Return what was found of each kind of campaign, and what else was called."""
    truth = whole.truth_accounts[whole.truth_accounts["account_id"].isin(posts["account_id"])]
    groups = whole.truth_groups.set_index("group_id")
    joined = members.merge(truth[["account_id", "group_id"]], on="account_id", how="left")
    met = joined.pivot_table("account_id", "campaign_id", "group_id", "nunique", fill_value=0)
    sizes = truth.groupby("group_id")["account_id"].nunique()
    rows = []
    for name in sizes.index[sizes.index.map(groups["inauthentic"]).astype(bool)]:
        best = int(met[name].max()) if name in met else 0
        rows.append({"kind": groups.loc[name, "kind"], "found": best >= sizes[name] / 2})
    table = pd.DataFrame(rows)
    planted = joined["group_id"].notna().groupby(joined["campaign_id"]).mean()
    return {
        "planted": len(table),
        "found": int(table["found"].sum()),
        "found, low, high": exact_interval(int(table["found"].sum()), len(table)),
        "found_by_kind": table.groupby("kind")["found"].agg(["sum", "size"]).to_dict("index"),
        "called": int(members["campaign_id"].nunique()),
        "called_of_no_planted_group": int((planted < 0.5).sum()),
    }


def job(embed: str, n_posts: int, seed: int) -> dict[str, Any]:
    """Run the whole job on the sample, in this process."""
    import disinfo

    whole = world(n_posts, seed)
    posts = sample(whole, SAMPLE)
    result = disinfo.detect(posts, embed=embed, progress=False)
    manifest = result.manifest
    return {
        "run": f"the whole job on a sample, {embed}",
        "posts": len(posts),
        "texts": manifest["n_texts"],
        "seconds": manifest["seconds"],
        "peak_memory_mb": manifest["peak_memory_mb"],
        **found(whole, posts, result.members),
    }


def embedding(n_posts: int, seed: int) -> dict[str, Any]:
    """Embed all distinct texts by the static tier, in this process."""
    from disinfo.embedding import StaticEmbedding

    texts = world(n_posts, seed).posts["text"].dropna().drop_duplicates().tolist()
    before = peak_mb()
    begun = time.perf_counter()
    vectors = StaticEmbedding()(texts)
    return {
        "run": "embedding of all texts, static",
        "posts": n_posts,
        "texts": len(texts),
        "seconds": {"embedding": round(time.perf_counter() - begun, 1)},
        "peak_memory_mb": peak_mb(),
        "peak_memory_before_mb": before,
        "vectors_mb": round(vectors.nbytes / 1e6),
    }


def peak_mb() -> int:
    """Return the peak of this process's memory so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> int:
    """Measure each run in a process of its own, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--here", choices=("embedding", "static", "default"), help="one, printed")
    chosen = parser.parse_args()
    if chosen.here == "embedding":
        print(json.dumps(embedding(chosen.posts, chosen.seed)))
        return 0
    if chosen.here:
        print(json.dumps(job(chosen.here, chosen.posts, chosen.seed)))
        return 0
    runs = []
    for asked in ("embedding", "static", "default"):
        command = [sys.executable, "-m", __spec__.name, "--posts", str(chosen.posts)]
        command += ["--seed", str(chosen.seed), "--here", asked]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
        print(runs[-1], flush=True)
    command_line = f"python -m benchmarks.scale.static_tier --posts {chosen.posts}"
    write("static-tier", command_line, {"runs": runs})
    return 0


if __name__ == "__main__":
    sys.exit(main())
