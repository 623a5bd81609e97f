"""What a search found of a made-up election, beside what was planted there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from disinfo.simulation import World


def compare_with_truth(campaigns: pd.DataFrame, members: pd.DataFrame, world: World) -> list[str]:
    """Say what was found of each planted group, and which ordinary accounts were named.

    Parameters
    ----------
    campaigns
        The campaigns found.
    members
        Their members.
    world
        A simulated world with its truth.

    Returns
    -------
    list of str
        One line a planted group, and one about ordinary accounts. A campaign counts as found
        when half of its accounts are members of one campaign.
    """
    accounts = world.truth_accounts
    verdicts = campaigns.set_index("campaign_id")["verdict"]
    called = {str(name): set(rows["account_id"]) for name, rows in members.groupby("campaign_id")}
    likely = set(verdicts.index[verdicts == "likely inauthentic"])
    lines = []
    for group in world.truth_groups.to_dict("records"):
        wanted = set(accounts.loc[accounts["group_id"] == group["group_id"], "account_id"])
        best = max(called, key=lambda name: (len(called[name] & wanted), name), default=None)
        share = len(called[best] & wanted) if best else 0
        what = "planted campaign" if group["inauthentic"] else "benign twin"
        line = f"{what} ({group['kind']}): {share} of {len(wanted)} accounts"
        if best is None or share == 0:
            lines.append(f"{line}, not called")
        else:
            found = "found" if 2 * share >= len(wanted) else "less than half found"
            wrong = " (wrongly)" if best in likely and not group["inauthentic"] else ""
            lines.append(f"{line}, {found} as {best}: {verdicts[best]}{wrong}")
    organic = set(accounts.loc[accounts["role"] == "organic", "account_id"])
    named = organic & set(members["account_id"])
    accused = organic & set(members.loc[members["campaign_id"].isin(likely), "account_id"])
    lines.append(
        f"ordinary accounts: {len(named)} of {len(organic)} named as members, "
        f"{len(accused)} of them in a campaign called likely inauthentic"
    )
    return lines
