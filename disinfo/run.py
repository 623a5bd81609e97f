"""The whole job: posts in, a `Result` out."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.coordination.null_check import null_rounds as exchanged_rounds
from disinfo.coordination.smallest import smallest_campaign
from disinfo.distinct import counted_texts
from disinfo.embedding import corpus_means, encode_means, make_embedding, subtract_means
from disinfo.embedding.in_parts import embed_in_parts
from disinfo.errors import SchemaError
from disinfo.fingerprints import fingerprint_of_stage
from disinfo.narratives import describe
from disinfo.pipeline import Pipeline
from disinfo.reading import Format, Posts
from disinfo.result import Result
from disinfo.run_posts import (
    NO_GROUPS,
    complete_groups,
    n_accounts,
    rows_of_texts,
    scored_posts,
    text_tables,
    with_groups,
)
from disinfo.run_reading import Reading
from disinfo.run_record import RunRecord
from disinfo.signals.exhibits import exhibits
from disinfo.stage_store import Kept, stage_store
from disinfo.stages import Findings, Signal, Vectors, as_tables, check_embeddings

# Of edges and the smallest campaign, where the group stage has no rate of its own.
_ALPHA = 0.05


def detect(
    source: str | os.PathLike[str] | pd.DataFrame | Sequence[Mapping[str, Any]] | Posts,
    *,
    pipeline: Pipeline | None = None,
    columns: Mapping[str, str] | None = None,
    format: str | Format = "auto",
    alpha: float | None = None,
    prevalence: float | None = None,
    seed: int | None = None,
    max_rows: int | None = None,
    embed: str | None = None,
    embeddings: object = None,
    links: pd.DataFrame | None = None,
    actions: pd.DataFrame | None = None,
    null_rounds: int = 0,
    progress: bool | None = None,
    resume: str | os.PathLike[str] | None = None,
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
        Format of a file, by name or as a `Format`; recognised by its content by default.
    alpha
        False discovery rate over campaigns; .05 unless the pipeline says otherwise.
    prevalence
        Your own estimate of the share of coordinated groups that are inauthentic; .2 unless the
        pipeline says otherwise. It is the prior of every probability.
    seed
        Seed of everything that draws; 0 by default.
    max_rows
        Read no more rows than this.
    embed
        Embedding by name instead of the pipeline's: "default", "static", "cascade", "auto" (by the
        number of texts; see docs/embedding.md), or a model's folder or name.
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
    resume
        Folder in which the tables of each finished stage are kept. A run that was cut short and is
        started again with the same folder, input and parameters redoes only what was not finished;
        its tables are equal to those of an uninterrupted run. The folder may be removed afterwards.

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
    FolderInUseError, StorageError
        When the folder `resume` is in use, or cannot be written to.

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
    stages = (pipeline or Pipeline()).with_settings(alpha=alpha, prevalence=prevalence, seed=seed)
    if embed is not None:
        stages = dataclasses.replace(stages, embed=make_embedding(embed, progress=progress))
    stages = stages.on_its_engine()
    reading = Reading(source=source, columns=columns, format=format, max_rows=max_rows)
    with stage_store(resume) as store:
        record = RunRecord(progress=progress, store=store)
        run = Run(posts=reading.posts(record), pipeline=stages, record=record, source=reading.name)
        language = run.language_tables(embeddings, links)
        findings = run.behaviour_findings(language, actions)
        scored = run.scored_tables(findings)
        checked = run.null_table(findings, null_rounds)
        return run.result(language, findings, {**scored, "null_rounds": checked})


@dataclass(kw_only=True)
class Run:
    """One run under way: the stages, what was dropped, and the clock; `update` goes on with one."""

    posts: Posts
    pipeline: Pipeline
    record: RunRecord
    source: str
    dropped: list[pd.DataFrame] = field(default_factory=list)
    language_means: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dropped.append(self.posts.dropped)
        # Sorted, so that no stage can see the order of the input.
        self.table = tables.POSTS.check(self.posts.table)

    def language_tables(
        self, embeddings: object, links: pd.DataFrame | None
    ) -> dict[str, pd.DataFrame]:
        """Run the language stages; `posts` in the answer carries text, family and narrative."""
        found = self.record.kept("texts", "built in", lambda: text_tables(self.table))
        texts = found["texts"]
        if embeddings is None and len(texts):
            self.pipeline, self.record.notes = self.pipeline.for_texts(len(texts))
        pipeline = self.pipeline
        posts = self.table.assign(text_id=found["text_ids"]["text_id"].astype("str"))
        # What all posts of a corpus share (its subject, its register) tells none of them apart.
        centred = self._kept(
            "embedding",
            pipeline.embed if embeddings is None else None,
            lambda: _centred(self._vectors(posts, texts, embeddings), texts["language"].tolist()),
        )
        vectors = centred["vectors"]
        languages = sorted(set(texts["language"]))
        self.language_means = dict(zip(languages, centred["means"], strict=True))
        linked = self._kept(
            "links",
            pipeline.link_texts if links is None else None,
            lambda: self._linked(texts, vectors, links),
        )
        grouped = self._kept(
            "narratives",
            pipeline.group_narratives,
            lambda: self._narratives(posts, texts, vectors, linked["links"]),
        )
        posts = with_groups(posts, texts, grouped)
        return {"posts": posts, "texts": texts, **linked, **grouped}

    def _kept(self, name: str, stage: object, make: Callable[[], Mapping[str, Kept]]) -> Any:
        """Run a stage or take it from the store, and set its `dropped` rows aside."""
        made_by = fingerprint_of_stage(stage) if self.record.store is not None else None
        given = self.record.kept(name, made_by, make)
        if "dropped" in given:
            self.dropped.append(given.pop("dropped"))
        return given

    def _linked(
        self, texts: pd.DataFrame, vectors: Vectors, links: pd.DataFrame | None
    ) -> dict[str, pd.DataFrame]:
        if links is not None:
            return {"links": tables.LINKS.check(links, source="links=")}
        if len(texts) == 0:
            return {"links": tables.LINKS.empty()}
        return as_tables(self.pipeline.link_texts(texts, vectors), main="links", stage="links")

    def _narratives(
        self, posts: pd.DataFrame, texts: pd.DataFrame, vectors: Vectors, links: pd.DataFrame
    ) -> dict[str, pd.DataFrame]:
        if len(texts) == 0:
            return dict(NO_GROUPS)
        output = self.pipeline.group_narratives(texts, vectors, links)
        grouped = complete_groups(as_tables(output, main="membership", stage="narratives"))
        posts = with_groups(posts, texts, grouped)
        return {**grouped, **describe(posts, texts, vectors, grouped)}

    def _vectors(self, posts: pd.DataFrame, texts: pd.DataFrame, given: object) -> Vectors:
        if len(texts) == 0:
            return np.empty((0, 1), dtype=np.float32)
        if given is None:
            return embed_in_parts(self.pipeline.embed, texts["text"].tolist(), self.pipeline.engine)
        array = np.asarray(given, dtype=np.float32)
        if array.ndim != 2 or len(array) != len(self.posts.table):
            msg = (
                f"embeddings: shape {array.shape} does not fit {len(self.posts.table)} kept posts, "
                "one row a post expected"
            )
            raise SchemaError(msg)
        rows = rows_of_texts(self.posts.table, posts, texts)
        return check_embeddings(array[rows], len(texts))

    def behaviour_findings(
        self, language: Mapping[str, pd.DataFrame], actions: pd.DataFrame | None
    ) -> Findings:
        """Run the behaviour stages."""
        pipeline = self.pipeline
        acted = self._kept(
            "actions",
            pipeline.extract_actions if actions is None else None,
            lambda: (
                as_tables(
                    pipeline.extract_actions(language["posts"]), main="actions", stage="actions"
                )
                if actions is None
                else {"actions": tables.ACTIONS.check(actions, source="actions=")}
            ),
        )["actions"]
        edges = self._kept(
            "edges",
            pipeline.link_accounts,
            lambda: as_tables(pipeline.link_accounts(acted), main="edges", stage="edges"),
        )["edges"]
        grouped = self._kept(
            "campaigns",
            pipeline.group_accounts,
            lambda: as_tables(
                pipeline.group_accounts(acted, edges), main="groups", stage="campaigns"
            ),
        )
        for name in ("members", "campaign_objects"):
            grouped.setdefault(name, tables.ALL[name].empty())
        return Findings(
            posts=language["posts"],
            texts=language["texts"],
            links=language["links"],
            family_members=language["family_members"],
            membership=language["membership"],
            actions=acted,
            edges=edges,
            **grouped,
        )

    def scored_tables(self, findings: Findings) -> dict[str, pd.DataFrame]:
        """Ask the signals, then the score."""
        asked = self._kept(
            "signals", self.pipeline.signals, lambda: _signals(self.pipeline.signals, findings)
        )
        evidence = asked["evidence"]
        scored = self._kept(
            "score",
            self.pipeline.score,
            lambda: as_tables(
                self.pipeline.score(findings, evidence), main="campaigns", stage="score"
            ),
        )
        scored.setdefault("evidence", evidence)
        scored.setdefault("accounts", tables.ACCOUNTS.empty())
        return {**scored, "exhibits": asked["exhibits"]}

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
            posts=scored_posts(self.posts.table, language["posts"], findings, campaigns),
            campaigns=campaigns.reset_index(drop=True),
            dropped=tables.DROPPED.check(counted),
            manifest=self._manifest(findings, scored),
            **{name: found[name] for name in names if name in found},
        )

    def _manifest(self, findings: Findings, scored: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
        acting = len(counted_texts(findings.actions["account_id"])[0])
        alpha = getattr(self.pipeline.group_accounts, "alpha", None)
        texts = findings.texts
        counts = {
            "n_read": self.posts.n_read,
            "n_posts": len(findings.posts),
            "n_texts": len(texts),
            "n_accounts": n_accounts(findings.posts, scored["accounts"]),
            "n_accounts_tested": acting,
            "n_pairs": acting * (acting - 1) // 2,
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
            "smallest_campaign": smallest_campaign(
                findings.actions, alpha or _ALPHA, n_accounts=acting
            ),
            "parameters": _parameters(self.pipeline),
            "language_means": encode_means(self.language_means),
        }
        return self.record.manifest(self.posts, {**counts, **settings})

    def _n_candidates(self, findings: Findings) -> int:
        rows = pd.concat(self.dropped, ignore_index=True)
        tested = rows["stage"].eq("campaigns")
        return int(rows.loc[tested, "n"].sum()) + len(findings.groups)


def _centred(vectors: Vectors, languages: list[str]) -> dict[str, Vectors]:
    """Return vectors without the mean of their language, and these means, languages sorted."""
    means = corpus_means(vectors, languages)
    stacked = np.array([means[name] for name in sorted(means)], dtype=np.float32)
    centred = subtract_means(vectors, languages, means)
    return {"vectors": centred, "means": stacked.reshape(-1, vectors.shape[1])}


def _signals(signals: Sequence[Signal], findings: Findings) -> dict[str, pd.DataFrame]:
    """Return the evidence of all signals, and the posts that show it."""
    parts = [tables.EVIDENCE.check(signal(findings)) for signal in signals]
    found = [part for part in parts if len(part)]
    joined = pd.concat(found, ignore_index=True) if found else tables.EVIDENCE.empty()
    evidence = tables.EVIDENCE.check(joined, source="signals")
    return {"evidence": evidence, "exhibits": exhibits(findings)}


def _parameters(pipeline: Pipeline) -> dict[str, Any]:
    """Return the parameters of every stage, for the manifest; an engine changes no table."""
    described: dict[str, Any] = {}
    for name in (stage.name for stage in dataclasses.fields(pipeline) if stage.name != "engine"):
        value = getattr(pipeline, name)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            given = (f.name for f in dataclasses.fields(value) if f.init and f.name != "engine")
            described[name] = {parameter: getattr(value, parameter) for parameter in given}
        elif isinstance(value, tuple):
            described[name] = [getattr(one, "__name__", repr(one)) for one in value]
        else:
            described[name] = getattr(value, "__name__", repr(value))
    return described
