"""The whole job: posts in, a `Result` out."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from disinfo import tables
from disinfo.coordination.null_check import null_rounds as exchanged_rounds
from disinfo.coordination.smallest import smallest_campaign
from disinfo.embedding import centre_by_language
from disinfo.errors import SchemaError
from disinfo.narratives import describe, main_narrative, text_table
from disinfo.pipeline import Pipeline
from disinfo.reading import Posts, read_posts
from disinfo.result import Result
from disinfo.run_record import RunRecord
from disinfo.signals.exhibits import exhibits
from disinfo.stages import Findings, Vectors, as_tables, check_embeddings

# Of edges and the smallest campaign, where the group stage has no rate of its own.
_ALPHA = 0.05


def detect(
    source: str | os.PathLike[str] | pd.DataFrame | Sequence[Mapping[str, Any]] | Posts,
    *,
    pipeline: Pipeline | None = None,
    columns: Mapping[str, str] | None = None,
    format: str = "auto",
    alpha: float | None = None,
    prevalence: float | None = None,
    seed: int | None = None,
    max_rows: int | None = None,
    embeddings: object = None,
    links: pd.DataFrame | None = None,
    actions: pd.DataFrame | None = None,
    null_rounds: int = 0,
    progress: bool | None = None,
) -> Result:
    """Find narratives and coordinated campaigns in posts.

    Parameters
    ----------
    source
        A file, a folder, a frame, a list of records, or `Posts`.
    pipeline
        The stages; the built-in ones by default.
    columns
        Names of columns in the source by the library's names, where they are not recognised.
    format
        Format of a file; recognised by its content by default.
    alpha
        False discovery rate over campaigns; .05 unless the pipeline says otherwise.
    prevalence
        Your own estimate of the share of coordinated groups that are inauthentic; .2 unless the
        pipeline says otherwise. It is the prior of every probability.
    seed
        Seed of everything that draws; 0 by default.
    max_rows
        Read no more rows than this.
    embeddings
        Ready-made vectors, one unit row a kept post in the order of the input, instead of the
        embedding stage.
    links, actions
        Ready-made tables instead of the stages that make them. Links name texts by text_id.
    null_rounds
        How often to exchange the actors of the actions and test again (see `Result.null_check`);
        each round takes twice as long as the tests themselves.
    progress
        Whether to show a progress bar; None shows one where a person watches.

    Returns
    -------
    Result
        Tables; an empty `campaigns` is a valid finding.

    Raises
    ------
    InputError
        When the source cannot be read or lacks what is needed.
    ModelError
        When texts have to be embedded and no model is to be had.
    ParameterError
        When a parameter is out of its range.

    Notes
    -----
    Fails to see what leaves no trace in the columns given: rewordings spread over days without any
    other common act, or accounts that rotate so that no two are seen together twice.

    Examples
    --------
    >>> result = detect([{"account_id": "a", "created_at": "2025-05-01", "object_id": "x"}])
    >>> result.campaigns.empty, len(result.posts)
    (True, 1)
    """
    record = RunRecord(progress=progress)
    with record.stage("reading"):
        posts = read_posts(source, columns=columns, format=format, max_rows=max_rows)
    stages = (pipeline or Pipeline()).with_settings(alpha=alpha, prevalence=prevalence, seed=seed)
    run = _Run(posts=posts, pipeline=stages, record=record, source=_name(source))
    language = run.language_tables(embeddings, links)
    findings = run.behaviour_findings(language, actions)
    scored = run.scored_tables(findings)
    checked = run.null_table(findings, null_rounds)
    return run.result(language, findings, {**scored, "null_rounds": checked})


@dataclass(kw_only=True)
class _Run:
    """One run under way: the stages, what was dropped, and the clock."""

    posts: Posts
    pipeline: Pipeline
    record: RunRecord
    source: str
    dropped: list[pd.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dropped.append(self.posts.dropped)
        # Sorted, so that no stage can see the order of the input.
        self.table = tables.POSTS.check(self.posts.table)

    def _take(self, output: Any, main: str) -> dict[str, pd.DataFrame]:
        """Check what a stage returned and set its `dropped` rows aside."""
        given = as_tables(output, main=main, stage=main)
        if "dropped" in given:
            self.dropped.append(given.pop("dropped"))
        return given

    def language_tables(
        self, embeddings: object, links: pd.DataFrame | None
    ) -> dict[str, pd.DataFrame]:
        """Run the language stages; `posts` in the answer carries text, family and narrative."""
        with self.record.stage("texts"):
            texts, text_id = text_table(self.table)
        posts = self.table.assign(text_id=text_id)
        with self.record.stage("embedding"):
            # What all posts of a corpus share (its subject, its register) tells none of them apart.
            vectors = centre_by_language(
                self._vectors(posts, texts, embeddings), texts["language"].tolist()
            )
        with self.record.stage("links"):
            if links is not None:
                linked = {"links": tables.LINKS.check(links, source="links=")}
            elif len(texts):
                linked = self._take(self.pipeline.link_texts(texts, vectors), "links")
            else:
                linked = {"links": tables.LINKS.empty()}
        with self.record.stage("narratives"):
            if len(texts):
                output = self.pipeline.group_narratives(texts, vectors, linked["links"])
                grouped = _complete(self._take(output, "membership"))
            else:
                grouped = dict(_NO_GROUPS)
            posts = _with_groups(posts, texts, grouped)
            described = describe(posts, texts, vectors, grouped) if len(texts) else {}
        return {"posts": posts, "texts": texts, **linked, **grouped, **described}

    def _vectors(self, posts: pd.DataFrame, texts: pd.DataFrame, given: object) -> Vectors:
        if len(texts) == 0:
            return np.empty((0, 1), dtype=np.float32)
        if given is None:
            return check_embeddings(self.pipeline.embed(texts["text"].tolist()), len(texts))
        array = np.asarray(given, dtype=np.float32)
        if array.ndim != 2 or len(array) != len(self.posts.table):
            msg = (
                f"embeddings: shape {array.shape} does not fit {len(self.posts.table)} kept posts, "
                "one row a post expected"
            )
            raise SchemaError(msg)
        row_of = pd.Series(np.arange(len(array)), index=self.posts.table["post_id"])
        ordered = posts.dropna(subset=["text_id"]).sort_values(
            ["created_at", "post_id"], na_position="last", kind="stable"
        )
        first = ordered.drop_duplicates("text_id").set_index("text_id")["post_id"]
        rows = row_of.loc[first.loc[texts["text_id"]]].to_numpy()
        return check_embeddings(array[rows], len(texts))

    def behaviour_findings(
        self, language: Mapping[str, pd.DataFrame], actions: pd.DataFrame | None
    ) -> Findings:
        """Run the behaviour stages."""
        with self.record.stage("actions"):
            if actions is None:
                actions = self._take(self.pipeline.extract_actions(language["posts"]), "actions")[
                    "actions"
                ]
            else:
                actions = tables.ACTIONS.check(actions, source="actions=")
        with self.record.stage("edges"):
            edges = self._take(self.pipeline.link_accounts(actions), "edges")["edges"]
        with self.record.stage("campaigns"):
            grouped = self._take(self.pipeline.group_accounts(actions, edges), "groups")
        for name in ("members", "campaign_objects"):
            grouped.setdefault(name, tables.ALL[name].empty())
        return Findings(
            posts=language["posts"],
            texts=language["texts"],
            links=language["links"],
            family_members=language["family_members"],
            membership=language["membership"],
            actions=actions,
            edges=edges,
            **grouped,
        )

    def scored_tables(self, findings: Findings) -> dict[str, pd.DataFrame]:
        """Ask the signals, then the score."""
        with self.record.stage("signals"):
            parts = [tables.EVIDENCE.check(signal(findings)) for signal in self.pipeline.signals]
            found = [part for part in parts if len(part)]
            joined = pd.concat(found, ignore_index=True) if found else tables.EVIDENCE.empty()
            evidence = tables.EVIDENCE.check(joined, source="signals")
            shown = exhibits(findings)
        with self.record.stage("score"):
            scored = self._take(self.pipeline.score(findings, evidence), "campaigns")
        scored.setdefault("evidence", evidence)
        scored.setdefault("accounts", tables.ACCOUNTS.empty())
        return {**scored, "exhibits": shown}

    def null_table(self, findings: Findings, rounds: int) -> pd.DataFrame:
        """Repeat the tests with the actors exchanged, where that was asked for."""
        with self.record.stage("null check"):
            if not rounds:
                return tables.NULL_ROUNDS.empty()
            return exchanged_rounds(
                findings.actions,
                self.pipeline.link_accounts,
                self.pipeline.group_accounts,
                alpha=getattr(self.pipeline.group_accounts, "alpha", _ALPHA),
                rounds=rounds,
            )

    def result(
        self,
        language: Mapping[str, pd.DataFrame],
        findings: Findings,
        scored: Mapping[str, pd.DataFrame],
    ) -> Result:
        """Put all tables together."""
        campaigns = scored["campaigns"].sort_values(
            ["probability", "q", "campaign_id"], ascending=[False, True, True], kind="stable"
        )
        names = set(Result().tables) - {"posts", "campaigns", "dropped"}
        found = {**language, **vars(findings), **scored}
        dropped = pd.concat(self.dropped, ignore_index=True)
        counted = dropped.groupby(["stage", "reason"], as_index=False).agg(
            {"n": "sum", "example_id": "first"}
        )
        return Result(
            posts=_scored_posts(self.posts.table, language["posts"], findings, campaigns),
            campaigns=campaigns.reset_index(drop=True),
            dropped=tables.DROPPED.check(counted),
            manifest=self._manifest(findings, scored),
            **{name: found[name] for name in names if name in found},
        )

    def _manifest(self, findings: Findings, scored: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
        acting = findings.actions["account_id"].nunique()
        alpha = getattr(self.pipeline.group_accounts, "alpha", None)
        texts = findings.texts
        counts = {
            "n_read": self.posts.n_read,
            "n_posts": len(findings.posts),
            "n_texts": len(texts),
            "n_accounts": int(findings.posts["account_id"].nunique()),
            "n_accounts_tested": int(acting),
            "n_pairs": int(acting * (acting - 1) // 2),
            "n_candidates": self._n_candidates(findings),
            "n_campaigns": len(scored["campaigns"]),
        }
        settings = {
            "alpha": alpha,
            "prevalence": getattr(self.pipeline.score, "prevalence", None),
            "created_from": self.source,
            "lookalikes": list(getattr(self.pipeline.score, "lookalikes", ())),
            "seed": getattr(self.pipeline.group_accounts, "seed", None),
            "embedding": getattr(self.pipeline.embed, "model_id", repr(self.pipeline.embed)),
            "smallest_campaign": smallest_campaign(findings.actions, alpha or _ALPHA),
            "parameters": _parameters(self.pipeline),
        }
        return self.record.manifest(self.posts, {**counts, **settings})

    def _n_candidates(self, findings: Findings) -> int:
        rows = pd.concat(self.dropped, ignore_index=True)
        tested = rows["stage"].eq("campaigns")
        return int(rows.loc[tested, "n"].sum()) + len(findings.groups)


def _name(source: object) -> str:
    """Return a short name of the input: a file's name without its folders, or what it is."""
    if isinstance(source, str | os.PathLike):
        return Path(source).name
    return f"a {type(source).__name__} in memory"


_NO_GROUPS = {
    "membership": tables.MEMBERSHIP.empty(),
    "family_members": tables.FAMILY_MEMBERS.empty(),
}


def _complete(grouped: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Fill in what a plain narrative function left out: a family a text, a topic a narrative."""
    membership = grouped["membership"]
    if "family_members" not in grouped:
        lone = membership[["text_id"]].drop_duplicates()
        grouped["family_members"] = lone.assign(family_id="f-" + lone["text_id"].str[2:])
    if "topic_members" not in grouped:
        lone = membership[["narrative_id"]].drop_duplicates()
        grouped["topic_members"] = lone.assign(topic_id="o-" + lone["narrative_id"])
    return grouped


def _with_groups(
    posts: pd.DataFrame, texts: pd.DataFrame, grouped: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Add family_id, narrative_id and, where the source had none, the language of the text."""
    narrative = main_narrative(grouped["membership"])
    family = grouped["family_members"].set_index("text_id")["family_id"]
    language = posts["text_id"].map(texts.set_index("text_id")["language"])
    if "language" in posts:
        language = posts["language"].fillna(language)
    return posts.assign(
        family_id=posts["text_id"].map(family).astype("str"),
        narrative_id=posts["text_id"].map(narrative).astype("str"),
        language=language.astype("str"),
    )


def _scored_posts(
    given: pd.DataFrame, enriched: pd.DataFrame, findings: Findings, campaigns: pd.DataFrame
) -> pd.DataFrame:
    """Return the input rows in their order, with ids and the probability of their campaign."""
    acts = findings.campaign_objects[["campaign_id", "post_id"]].drop_duplicates()
    ranked = acts.merge(campaigns[["campaign_id", "probability"]], on="campaign_id").sort_values(
        ["post_id", "probability", "campaign_id"],
        ascending=[True, False, True],
        na_position="last",
        kind="stable",
    )
    best = ranked.drop_duplicates("post_id").set_index("post_id")
    ids = enriched.set_index("post_id")
    added = {
        name: given["post_id"].map(ids[name]).astype("str")
        for name in ("text_id", "family_id", "narrative_id")
    }
    return given.assign(
        **added,
        campaign_id=given["post_id"].map(best["campaign_id"]).astype("str"),
        probability=given["post_id"].map(best["probability"]).astype("float64"),
    )


def _parameters(pipeline: Pipeline) -> dict[str, Any]:
    """Return the parameters of every stage, for the manifest."""
    described: dict[str, Any] = {}
    for stage in dataclasses.fields(pipeline):
        value = getattr(pipeline, stage.name)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            described[stage.name] = {
                f.name: getattr(value, f.name) for f in dataclasses.fields(value) if f.init
            }
        elif isinstance(value, tuple):
            described[stage.name] = [getattr(one, "__name__", repr(one)) for one in value]
        else:
            described[stage.name] = getattr(value, "__name__", repr(value))
    return described
