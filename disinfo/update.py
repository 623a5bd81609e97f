"""More posts for a finished run: ids stay, and the language stages look at the new posts only."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from disinfo import tables
from disinfo.carried_ids import carry_campaigns
from disinfo.distinct import distinct
from disinfo.embedding import (
    SentenceEmbedding,
    StaticEmbedding,
    corpus_means,
    decode_means,
    subtract_means,
)
from disinfo.errors import ParameterError, raise_all
from disinfo.narratives import (
    GroupByMeaning,
    Growth,
    Standing,
    describe_growth,
    grow,
    main_narrative,
    marks_beside,
    text_table,
    units,
    words_of,
)
from disinfo.neighbours import pairs_between
from disinfo.pipeline import Pipeline
from disinfo.reading import Format, Posts, read_posts
from disinfo.result import Result
from disinfo.run import Run
from disinfo.run_record import RunRecord
from disinfo.stages import Vectors, as_tables

_ADDED = ("text_id", "family_id", "narrative_id", "campaign_id", "probability")
# Stages that run again on everything; what they left out before is counted anew.
_AGAIN = ("actions", "edges", "campaigns", "signals", "score")
_KNOWN = "post already in the result: left out"


def update(
    result: Result,
    source: str | os.PathLike[str] | pd.DataFrame | Sequence[Mapping[str, Any]] | Posts,
    *,
    pipeline: Pipeline | None = None,
    columns: Mapping[str, str] | None = None,
    format: str | Format = "auto",
    progress: bool | None = None,
) -> Result:
    """Add posts to a result.

    Parameters
    ----------
    result
        A result of `detect` or of `update`.
    source, columns, format, progress
        As for `detect`. Posts that the result has already are left out and counted.
    pipeline
        The stages; those of the run, by the parameters in its manifest, if not given. Needed where
        a stage was replaced.

    Returns
    -------
    Result
        A new result over all posts.

    Raises
    ------
    ParameterError
        When a stage was replaced and no pipeline is given, when the narrative stage is not the
        built-in one, or when the embedding is not the one of the run.
    InputError
        When the posts cannot be read.

    Notes
    -----
    Only texts that are new are embedded, linked and placed: they join the families, narratives and
    topics that stand, or found new ones. The averages of each language stay those of the first run.
    `lineage` records births, merges and splits. Links are made among new texts, and from new texts
    to the middle text of each family near them. A narrative keeps the label of its birth.

    Campaigns are tested again on all actions, since what is rare can only be told from everything;
    a campaign that shares half of its accounts with an earlier one keeps its id. Each update is a
    test of its own, with its own q: over many updates false calls add up.

    Examples
    --------
    >>> import disinfo
    >>> def embed(texts):  # stands for the default model
    ...     return np.array([[1, 0] if "bridge" in text else [0, 1] for text in texts], np.float32)
    >>> stages = Pipeline(embed=embed)
    >>> first = disinfo.detect([{"text": "The bridge is closed"}], pipeline=stages, progress=False)
    >>> more = update(first, [{"text": "They closed the bridge"}], pipeline=stages, progress=False)
    >>> len(more.posts), more.posts["narrative_id"].nunique()
    (2, 1)
    """
    stages = pipeline if pipeline is not None else _recorded(result)
    _check(result, stages)
    record = RunRecord(progress=progress)
    with record.stage("reading"):
        read = read_posts(source, columns=columns, format=format)
        added, repeated = _without_known(read.table, result.posts)
    run = Run(
        posts=_together(result, read, added),
        pipeline=stages,
        record=record,
        source=str(result.manifest.get("created_from", "")),
    )
    run.dropped.extend([repeated, result.dropped[~result.dropped["stage"].isin(_AGAIN)]])
    with record.stage("texts"):
        step = _Step(result=result, run=run, added=tables.POSTS.check(added))
        language = step.language_tables()
    findings = run.behaviour_findings(language, None)
    scored = run.scored_tables(findings)
    checked = run.null_table(findings, 0)
    made = run.result(language, findings, {**scored, "null_rounds": checked})
    return carry_campaigns(result, made)


def _recorded(result: Result) -> Pipeline:
    """Return the stages with the parameters that the manifest keeps."""
    recorded = {
        name: value
        for name, value in result.manifest.get("parameters", {}).items()
        if name != "signals"
    }
    own = sorted(name for name, value in recorded.items() if not isinstance(value, Mapping))
    if own:
        msg = f"update: the run used a stage of your own for {own}; hand in its pipeline="
        raise ParameterError(msg)
    embed = recorded.pop("embed", {})
    stages = Pipeline.from_config(recorded)
    stage = StaticEmbedding if "folder" in embed else SentenceEmbedding
    return dataclasses.replace(stages, embed=stage(**embed))


def _check(result: Result, stages: Pipeline) -> None:
    problems = []
    if not isinstance(stages.group_narratives, GroupByMeaning):
        problems.append("the narrative stage is not the built-in one, which alone can be continued")
    used = getattr(stages.embed, "model_id", None)
    before = result.manifest.get("embedding")
    if used is not None and before != used:
        problems.append(f"the result was made with the embedding {before!r}, not with {used!r}")
    if len(result.texts) and len(result.family_centres) != len(result.families):
        problems.append("the result lacks its family_centres: it was made by an earlier version")
    raise_all(problems, ParameterError, "update")


def _without_known(new: pd.DataFrame, old: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    known = new["post_id"].isin(old["post_id"])
    example = str(new.loc[known, "post_id"].min()) if known.any() else None
    return new[~known], tables.dropped_rows("read", {_KNOWN: (int(known.sum()), example)})


def _together(result: Result, read: Posts, added: pd.DataFrame) -> Posts:
    """Return old and new posts as if they had been read at once."""
    old = result.posts.drop(columns=[name for name in _ADDED if name in result.posts])
    manifest = result.manifest
    return Posts(
        table=tables.POSTS.check(pd.concat([old, added], ignore_index=True), sort=False),
        dropped=read.dropped,
        format=read.format,
        resolution_s=max(float(manifest.get("resolution_s", 0.0)), read.resolution_s),
        notes=tuple(dict.fromkeys((*manifest.get("notes", ()), *read.notes))),
        n_read=int(manifest.get("n_read", 0)) + read.n_read,
    )


@dataclass(frozen=True, kw_only=True)
class _Step:
    """The language stages of one update."""

    result: Result
    run: Run
    added: pd.DataFrame

    def language_tables(self) -> dict[str, pd.DataFrame]:
        """Place the new texts; return all language tables."""
        old = self.result
        seen, text_id = text_table(self.added)
        fresh = seen[~seen["text_id"].isin(old.texts["text_id"])].reset_index(drop=True)
        vectors = self._vectors(fresh, old)
        standing = _standing(old, vectors.shape[1])
        stage: Any = self.run.pipeline.group_narratives
        topics = old.topics["floor"].dropna()
        floors = stage.floors(float(topics.iloc[0]) if len(topics) else stage.usual_topic_floor)
        links, typed = self._links(fresh, vectors, standing, floors.family)
        marks = marks_beside(fresh, old.texts, old.membership)
        growth = grow(standing, fresh["text_id"].tolist(), vectors, typed, floors, marks)
        members = _members(old, fresh, vectors, growth)
        posts = self._posts(text_id, members)
        texts = _texts(old.texts, posts, seen)
        described = describe_growth(old.tables, posts, texts, (fresh, vectors), growth)
        language = posts["text_id"].map(texts.set_index("text_id")["language"])
        given = posts.get("language", language)
        at = self.added["created_at"].max()
        events = growth.events.assign(kind="narrative", at=at)
        return {
            "posts": posts.assign(language=given.fillna(language).astype("str")),
            "texts": texts,
            "links": tables.LINKS.check(pd.concat([old.links, links], ignore_index=True)),
            "lineage": tables.LINEAGE.check(pd.concat([old.lineage, events], ignore_index=True)),
            **members,
            **described,
        }

    def _vectors(self, fresh: pd.DataFrame, old: Result) -> Vectors:
        """Embed the new texts and take the averages of the first run out of them."""
        means = decode_means(old.manifest.get("language_means", {}))
        width = old.family_centres.shape[1] - 1
        if len(fresh) == 0:
            self.run.language_means.update(means)
            return np.empty((0, width), dtype=np.float32)
        raw = np.asarray(self.run.pipeline.embed(fresh["text"].tolist()), dtype=np.float32)
        languages = fresh["language"].tolist()
        unseen = [row for row, code in enumerate(languages) if code not in means]
        if unseen:
            means |= corpus_means(raw[unseen], [languages[row] for row in unseen])
        self.run.language_means.update(means)
        return subtract_means(raw, languages, means)

    def _links(
        self, fresh: pd.DataFrame, vectors: Vectors, standing: Standing, floor: float
    ) -> tuple[pd.DataFrame, tuple[pd.DataFrame, pd.DataFrame]]:
        """Link new texts with each other and with the middle texts of the families near them."""
        old = self.result
        none = tables.LINKS.empty()
        if len(fresh) == 0:
            return none, (none, none)
        centres = units(standing.sums)
        near = distinct(pairs_between(vectors, centres, floor)[1])
        families = standing.families["family_id"].iloc[near]
        medoid = old.families.set_index("family_id")["medoid_text_id"].loc[families]
        middles = old.texts.set_index("text_id").loc[medoid].reset_index()
        both = pd.concat([fresh, middles], ignore_index=True)
        rows = np.vstack([vectors, centres[near]])
        order = np.argsort(both["text_id"].to_numpy(dtype=object), kind="stable")
        output = self.run.pipeline.link_texts(tables.TEXTS.check(both), rows[order])
        made = as_tables(output, main="links", stage="links")
        if "dropped" in made:
            self.run.dropped.append(made["dropped"])
        links = made["links"]
        new_a, new_b = (links[side].isin(fresh["text_id"]) for side in ("text_a", "text_b"))
        kept = links[new_a | new_b]
        crossing = links[new_a ^ new_b]
        a_is_new = new_a[new_a ^ new_b]
        family_of = pd.Series(families.to_numpy(), index=medoid.to_numpy())
        to_old = pd.DataFrame(
            {
                "text_a": crossing["text_a"].where(a_is_new, crossing["text_b"]),
                "text_b": crossing["text_b"].where(a_is_new, crossing["text_a"]).map(family_of),
                "kind": crossing["kind"],
            }
        )
        return kept, (links[new_a & new_b], to_old)

    def _posts(self, new_ids: pd.Series, members: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """Return all posts in order of id, with their text, family and narrative."""
        old = self.result.posts.set_index("post_id")["text_id"]
        new = pd.Series(new_ids.to_numpy(), index=self.added["post_id"].to_numpy())
        posts = self.run.table
        text_id = posts["post_id"].map(pd.concat([old, new])).astype("str")
        family = members["family_members"].set_index("text_id")["family_id"]
        narrative = main_narrative(members["membership"])
        return posts.assign(
            text_id=text_id,
            family_id=text_id.map(family).astype("str"),
            narrative_id=text_id.map(narrative).astype("str"),
        )


def _standing(old: Result, width: int) -> Standing:
    """Return the families of a result with what they belong to."""
    by_words = main_narrative(words_of(old.membership)).rename("narrative_id").reset_index()
    members = old.family_members.merge(by_words, on="text_id")
    families = old.families[["family_id", "n_texts"]].merge(
        members.drop_duplicates("family_id")[["family_id", "narrative_id"]],
        on="family_id",
        how="left",
    )
    topic = old.narratives.set_index("narrative_id")["topic_id"]
    families["topic_id"] = families["narrative_id"].map(topic)
    sums = old.family_centres.drop(columns="family_id").to_numpy(dtype=np.float64)
    row_of = pd.Series(
        pd.Index(families["family_id"]).get_indexer(old.family_members["family_id"]),
        index=old.family_members["text_id"],
    )
    opposed = old.links[old.links["kind"].isin(tables.OTHER_STORY_KINDS)]
    return Standing(
        families=families,
        sums=sums.reshape(len(families), width),
        apart=(
            row_of.loc[opposed["text_a"]].to_numpy(dtype=np.int64),
            row_of.loc[opposed["text_b"]].to_numpy(dtype=np.int64),
        ),
    )


def _members(
    old: Result, fresh: pd.DataFrame, vectors: Vectors, growth: Growth
) -> dict[str, pd.DataFrame]:
    """Return `family_members` and `membership` of all texts."""
    added = pd.DataFrame({"text_id": fresh["text_id"], "family_id": growth.family_of})
    family_members = pd.concat([old.family_members, added], ignore_index=True)
    grown = growth.standing.families
    told = grown["narrative_id"].notna().to_numpy()
    names = pd.Index(sorted(grown["narrative_id"][told].unique()))
    sums = np.zeros((len(names), vectors.shape[1]))
    np.add.at(sums, names.get_indexer(grown["narrative_id"][told]), growth.standing.sums[told])
    own = names.get_indexer(growth.narrative_of)
    cosine = np.einsum("ij,ij->i", vectors, units(sums)[own]).astype(np.float64)
    fresh_rows = pd.DataFrame(
        {
            "text_id": fresh["text_id"],
            "narrative_id": growth.narrative_of,
            "weight": np.clip(cosine, 0.0, 1.0),
            "joined_by": np.where(growth.by_words, "words", "marks"),
        }
    )
    before = _kept_members(old, growth)
    return {
        "family_members": tables.FAMILY_MEMBERS.check(family_members),
        "membership": tables.MEMBERSHIP.check(pd.concat([before, fresh_rows], ignore_index=True)),
    }


def _kept_members(old: Result, growth: Growth) -> pd.DataFrame:
    """Return old rows of `membership`: words follow their family, marks the narrative's merges."""
    rows = old.membership.drop_duplicates("text_id")
    family = old.family_members.set_index("text_id")["family_id"].loc[rows["text_id"]]
    narrative = growth.standing.families.set_index("family_id")["narrative_id"]
    by_marks = rows.get("joined_by", pd.Series("words", index=rows.index)) == "marks"
    merges = growth.events[growth.events["event"] == "merge"]
    gone = dict(zip(merges["old_id"], merges["new_id"], strict=True))
    return rows.assign(
        narrative_id=np.where(
            by_marks,
            rows["narrative_id"].replace(gone).to_numpy(dtype=object),
            narrative.loc[family].to_numpy(dtype=object),
        ),
        joined_by=np.where(by_marks, "marks", "words"),
    )


def _texts(old: pd.DataFrame, posts: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Return all texts; those that were posted again are counted anew."""
    again = posts[posts["text_id"].isin(seen["text_id"])]
    counted, _ = text_table(again)
    shown = old.set_index("text_id")["text"]
    known = counted["text_id"].map(shown)
    counted["text"] = known.where(known.notna(), counted["text"])
    kept = old[~old["text_id"].isin(counted["text_id"])]
    return tables.TEXTS.check(pd.concat([kept, counted], ignore_index=True))
