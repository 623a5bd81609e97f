"""Published coordination rules, re-implemented; their known defects are in their docstrings.

Each returns account_id and group_id for every account that keeps an edge.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.systems.co_actions import components, pairs_within, shared_actions, undirected
from benchmarks.task import Answer, Question, System

_TOP_SHARE = 0.005


def _edges(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns={"first": "account_a", "second": "account_b"})


def raw_count_edges(actions: pd.DataFrame, window_s: float, weight: int) -> pd.DataFrame:
    """Link accounts that co-act on `weight` objects (in their time slots) within the window."""
    pairs = undirected(pairs_within(actions, window_s))
    events = actions["event"].to_numpy()[pairs["first_row"].to_numpy(np.int64)]
    counted = pairs.assign(event=events).drop_duplicates(["first", "second", "event"])
    sizes = counted.groupby(["first", "second"]).size().rename("weight").reset_index()
    return _edges(sizes[sizes["weight"] >= weight])


def toolkit_edges(actions: pd.DataFrame, window_s: float, min_edge_weight: int) -> pd.DataFrame:
    """Apply the co-link rule of the coordination network toolkit.

    Directed weight = messages of one account that lie within the window of a message of the other
    with the same link. Known defects: no null and no control of error, so breaking news links
    everybody; the window is the user's guess.

    References
    ----------
    Graham, QUT Digital Observatory, coordination-network-toolkit 1.5.2, compute_co_link_network.
    """
    pairs = pairs_within(actions, window_s)
    there = pairs[["first", "second", "first_row"]].rename(columns={"first_row": "row"})
    back = pairs[["second", "first", "second_row"]]
    back.columns = there.columns
    both = pd.concat([there, back], ignore_index=True).drop_duplicates()
    sizes = both.groupby(["first", "second"]).size().rename("weight").reset_index()
    return _edges(sizes[sizes["weight"] >= min_edge_weight])


def coortweet_edges(
    actions: pd.DataFrame,
    window_s: float = 10,
    min_participation: int = 2,
    edge_weight: float = 0.5,
) -> pd.DataFrame:
    """Apply CooRTweet's rule: co-shares within 10 s, edges above the median weight.

    Known defects: the cut is a percentile of the weights seen, so some edges are always kept, on
    pure noise too, and where most weights are 1 the median keeps every repeated pair.

    Parameters
    ----------
    actions
        account_id, layer, object_id, created_at.
    window_s
        Window in seconds.
    min_participation
        Accounts with fewer actions are left out.
    edge_weight
        Percentile; edges of greater weight are kept. Below 0 all are.

    Returns
    -------
    DataFrame
        account_a, account_b, weight.

    References
    ----------
    Righetti and Balluff, CooRTweet 2.1.3: detect_groups, generate_coordinated_network.
    """
    activity = actions["account_id"].map(actions["account_id"].value_counts())
    active = actions[activity >= min_participation].reset_index(drop=True)
    pairs = undirected(pairs_within(active, window_s))
    sizes = pairs.groupby(["first", "second"]).size().rename("weight").reset_index()
    if len(sizes) and edge_weight >= 0:
        sizes = sizes[sizes["weight"] > sizes["weight"].quantile(edge_weight)]
    return _edges(sizes)


def cosine_edges(actions: pd.DataFrame) -> pd.DataFrame:
    """Link accounts by the cosine of their TF-IDF vectors over objects; no time in it.

    Returns
    -------
    DataFrame
        account_a, account_b, weight: all pairs that share an object.
    """
    from scipy.sparse import coo_array, triu
    from sklearn.feature_extraction.text import TfidfTransformer

    rows, accounts = pd.factorize(actions["account_id"], sort=True)
    columns, objects = pd.factorize(actions["layer"] + "\0" + actions["object_id"])
    counts = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(accounts), len(objects)))
    weights = TfidfTransformer().fit_transform(counts.tocsr())
    similar = coo_array(triu(weights @ weights.T, 1))
    names = np.asarray(accounts)
    return pd.DataFrame(
        {
            "account_a": names[similar.row],
            "account_b": names[similar.col],
            "weight": similar.data,
        }
    )


def pacheco_edges(actions: pd.DataFrame) -> pd.DataFrame:
    """Keep the top 0.5 % of TF-IDF cosines.

    Known defects: a share of the pairs is always kept; accounts with one rare object in common and
    nothing else have a cosine of 1; no time.

    References
    ----------
    Pacheco et al. 2021, Uncovering coordinated networks on social media, ICWSM.
    """
    edges = cosine_edges(actions)
    if edges.empty:
        return edges
    return edges[edges["weight"] >= edges["weight"].quantile(1 - _TOP_SHARE)]


def luceri_edges(actions: pd.DataFrame) -> pd.DataFrame:
    """Fuse one cosine network a layer, keep the top 0.5 % of accounts by eigenvector centrality.

    Known defects: centrality finds the one densest core and no second campaign; the published
    threshold is chosen with labels, here it is the top 0.5 % (three accounts at least).

    References
    ----------
    Luceri et al. 2024, Unmasking the web of deceit, WWW.
    """
    layers = [cosine_edges(own) for _, own in actions.groupby("layer")]
    fused = pd.concat(layers, ignore_index=True) if layers else cosine_edges(actions)
    fused = fused.drop_duplicates(["account_a", "account_b"])
    codes, names = pd.factorize(pd.concat([fused["account_a"], fused["account_b"]]), sort=True)
    n, m = len(names), len(fused)
    if m == 0:
        return fused
    a, b = codes[:m], codes[m:]
    centrality = np.full(n, 1 / np.sqrt(n))
    for _ in range(500):
        # The diagonal (x + Ax) makes the iteration converge on bipartite graphs too.
        step = centrality + np.bincount(a, centrality[b], n) + np.bincount(b, centrality[a], n)
        step = step / np.linalg.norm(step)
        if np.abs(step - centrality).sum() < 1e-9 * n:
            break
        centrality = step
    n_kept = max(3, round(n * _TOP_SHARE))
    kept = set(np.argsort(-centrality, kind="stable")[:n_kept].tolist())
    inside = [x in kept and y in kept for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    return fused[inside]


def _raw(window_s: float) -> System:
    def answer(question: Question) -> Answer:
        return components(raw_count_edges(shared_actions(question), window_s, 3))

    return System(
        name=f"[baseline] raw counts, {window_s} s, 3 objects",
        answer=answer,
        about="Accounts that co-act on three objects within the window.",
    )


def _everyone(question: Question) -> Answer:
    accounts = question.table["account_id"].dropna().unique()
    return pd.DataFrame({"account_id": accounts, "group_id": 0})


def _nobody(question: Question) -> Answer:
    return _everyone(question).head(0)


EVERYONE = System(
    name="[baseline] everyone", answer=_everyone, about="All accounts are one campaign."
)
NOBODY = System(name="[baseline] nobody", answer=_nobody, about="No account is named.")
RAW_60 = _raw(60)
RAW_600 = _raw(600)
TOOLKIT = System(
    name="co-link rule of CNT",
    answer=lambda question: components(toolkit_edges(shared_actions(question), 60, 3)),
    about="Rule of coordination-network-toolkit, every object taken for a link, 60 s, weight 3. "
    "Known defects: no null, no error control.",
)
COORTWEET = System(
    name="CooRTweet rule",
    answer=lambda question: components(coortweet_edges(shared_actions(question))),
    about="Defaults (10 s, participation 2, weight above the median). Known defect: a percentile "
    "cut always returns something.",
)
PACHECO = System(
    name="Pacheco rule",
    answer=lambda question: components(pacheco_edges(shared_actions(question))),
    about="Top 0.5 % of TF-IDF cosines. Known defects: always returns something, knows no time.",
)
LUCERI = System(
    name="Luceri rule",
    answer=lambda question: components(luceri_edges(shared_actions(question))),
    about="Fused cosine networks, top 0.5 % by eigenvector centrality. Known defect: one core.",
)
BASELINES = (EVERYONE, NOBODY, RAW_60, RAW_600)
RULES = (TOOLKIT, COORTWEET, PACHECO, LUCERI)
