"""The result of a run: a set of tables, with saving, loading and explaining."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from disinfo import tables
from disinfo.errors import ParameterError, ResultError, SchemaError, did_you_mean
from disinfo.result_html import result_html
from disinfo.saved_result import read_manifest, read_table, save_tables

if TYPE_CHECKING:
    from disinfo.pipeline import Pipeline
    from disinfo.plots import Plots
    from disinfo.reading import Posts


@dataclass(frozen=True, kw_only=True)
class Result:
    """Everything that a run found, as tables (see `disinfo.tables` for their columns).

    Parameters
    ----------
    posts
        The input, row for row in the order given, with text_id, family_id, narrative_id,
        campaign_id and probability.
    texts, links, families, family_members, narratives, membership, topics, lineage, first_seen,
    bursts
        What the language stages found.
    actions, edges, campaigns, members, campaign_objects
        What the behaviour stages found; `campaigns` has the most suspicious first.
    accounts, evidence, exhibits
        Scores, and what they rest on.
    null_rounds
        What the tests call on the same actions with the actors exchanged (see `null_check`); empty
        unless the run was asked for it.
    dropped
        What was left out, at which stage, why, how many and an example.
    manifest
        Parameters, counts and times of the run.

    Examples
    --------
    >>> Result().campaigns.empty
    True
    """

    posts: pd.DataFrame = field(default_factory=tables.POSTS.empty)
    texts: pd.DataFrame = field(default_factory=tables.TEXTS.empty)
    links: pd.DataFrame = field(default_factory=tables.LINKS.empty)
    families: pd.DataFrame = field(default_factory=tables.FAMILIES.empty)
    family_members: pd.DataFrame = field(default_factory=tables.FAMILY_MEMBERS.empty)
    family_centres: pd.DataFrame = field(default_factory=tables.FAMILY_CENTRES.empty)
    narratives: pd.DataFrame = field(default_factory=tables.NARRATIVES.empty)
    membership: pd.DataFrame = field(default_factory=tables.MEMBERSHIP.empty)
    topics: pd.DataFrame = field(default_factory=tables.TOPICS.empty)
    lineage: pd.DataFrame = field(default_factory=tables.LINEAGE.empty)
    first_seen: pd.DataFrame = field(default_factory=tables.FIRST_SEEN.empty)
    bursts: pd.DataFrame = field(default_factory=tables.BURSTS.empty)
    actions: pd.DataFrame = field(default_factory=tables.ACTIONS.empty)
    edges: pd.DataFrame = field(default_factory=tables.EDGES.empty)
    campaigns: pd.DataFrame = field(default_factory=tables.CAMPAIGNS.empty)
    members: pd.DataFrame = field(default_factory=tables.MEMBERS.empty)
    campaign_objects: pd.DataFrame = field(default_factory=tables.CAMPAIGN_OBJECTS.empty)
    accounts: pd.DataFrame = field(default_factory=tables.ACCOUNTS.empty)
    evidence: pd.DataFrame = field(default_factory=tables.EVIDENCE.empty)
    exhibits: pd.DataFrame = field(default_factory=tables.EXHIBITS.empty)
    null_rounds: pd.DataFrame = field(default_factory=tables.NULL_ROUNDS.empty)
    dropped: pd.DataFrame = field(default_factory=tables.DROPPED.empty)
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "manifest"}

    def explain(self, subject_id: str) -> pd.DataFrame:
        """Return the evidence on one campaign, account, narrative or post.

        Parameters
        ----------
        subject_id
            Its id.

        Returns
        -------
        DataFrame
            Evidence rows, weightiest first. The bits of a scored subject sum to the log-odds (base
            2) of its probability.

        Raises
        ------
        ParameterError
            When the result knows no such id.
        """
        rows = self.evidence[self.evidence["subject_id"] == subject_id]
        if len(rows) == 0 and not self._knows(subject_id):
            known = [*self.campaigns["campaign_id"], *self.narratives["narrative_id"]]
            msg = f"no campaign, account, narrative or post {subject_id!r} in this result."
            raise ParameterError(msg + did_you_mean([subject_id], known))
        weight = rows["bits"].abs()
        order = rows.assign(weight=weight).sort_values(
            ["weight", "signal"], ascending=[False, True], kind="stable"
        )
        return order.drop(columns="weight").reset_index(drop=True)

    def _knows(self, subject_id: str) -> bool:
        return any(
            (frame[column] == subject_id).any()
            for frame, column in (
                (self.campaigns, "campaign_id"),
                (self.accounts, "account_id"),
                (self.narratives, "narrative_id"),
                (self.posts, "post_id"),
            )
        )

    def null_check(
        self, *, rounds: int = 20, seed: int = 0, pipeline: Pipeline | None = None
    ) -> pd.DataFrame:
        """Ask what the same tests would call on these actions with the actors exchanged.

        Parameters
        ----------
        rounds
            How often actors are exchanged, for each of two kinds: ``shuffled`` within layer and
            hour, and ``swapped`` among accounts active on the same source, in the same hour, at the
            same age of objects.
        seed
            Seed of the draws.
        pipeline
            The stages of the run, where they were replaced by your own.

        Returns
        -------
        DataFrame
            A `null_rounds` table: edges, campaigns and accounts called, as they are (``observed``)
            and in each round.

        Raises
        ------
        ParameterError
            When a stage of the run was replaced and no pipeline is given.

        Notes
        -----
        To keep it with the result and show it in the report:
        ``dataclasses.replace(result, null_rounds=result.null_check())``, or ``detect(...,
        null_rounds=20)`` from the start.
        """
        from disinfo.null_check import check_null

        return check_null(self, rounds=rounds, seed=seed, pipeline=pipeline)

    def update(
        self,
        source: str | os.PathLike[str] | pd.DataFrame | Sequence[Mapping[str, Any]] | Posts,
        *,
        pipeline: Pipeline | None = None,
        columns: Mapping[str, str] | None = None,
        progress: bool | None = None,
    ) -> Result:
        """Add posts: ids stay, and the language stages look at the new posts only.

        Parameters
        ----------
        source, columns, progress
            As for `disinfo.detect`; posts that are known are left out.
        pipeline
            The stages of the run, where they were replaced by your own.

        Returns
        -------
        Result
            A new result over all posts; this one is not changed. See `disinfo.update.update`.

        Raises
        ------
        ParameterError
            When the run cannot be continued with these stages.
        """
        from disinfo.update import update

        return update(self, source, pipeline=pipeline, columns=columns, progress=progress)

    def report(
        self, path: str | os.PathLike[str], *, language: str = "en", redact: bool = False
    ) -> Path:
        """Write one self-contained HTML page.

        Parameters
        ----------
        path
            The file to write.
        language
            Language of the page: ``en`` or ``pl``.
        redact
            Whether account ids and handles are replaced by pseudonyms.

        Returns
        -------
        Path
            The file.
        """
        from disinfo.report import write_report

        return write_report(self, Path(path), language=language, redact=redact)

    def export(self, path: str | os.PathLike[str], *, to: str, redact: bool = False) -> Path:
        """Write the result in the format of another tool.

        Parameters
        ----------
        path
            A file; for ``csv``, ``parquet`` and ``coortweet`` a folder.
        to
            ``csv``, ``parquet``, ``coortweet``, ``gexf``, ``graphml``, ``stix`` or ``misp``.
        redact
            Whether accounts, posts and handles are replaced by pseudonyms.

        Returns
        -------
        Path
            What was written.

        Raises
        ------
        ParameterError
            When there is no such format, or a file stands where a folder goes.

        Notes
        -----
        ``stix`` and ``misp`` hold only the campaigns called "likely inauthentic".
        """
        from disinfo.export import export_result

        return export_result(self, path, to=to, redact=redact)

    @property
    def plot(self) -> Plots:
        """Plots for notebooks: timeline, network, evidence, map, stream (extra ``plot``)."""
        from disinfo.plots import Plots

        return Plots(self)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write all tables as Parquet, and a manifest with their checksums.

        Parameters
        ----------
        folder
            Made if it does not exist. A result that is there stays whole until the new one is
            on disk; the manifest is written last, so a folder without a sound one is unfinished.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        StorageError
            When the folder cannot be written to: the disk is full, the folder read-only.
        FolderInUseError
            When another run is writing to it.
        """
        target = Path(folder)
        save_tables(self.tables, self.manifest, target)
        return target

    def __repr__(self) -> str:
        return (
            f"Result({len(self.posts)} posts, {len(self.narratives)} narratives, "
            f"{len(self.campaigns)} campaigns)"
        )

    def _repr_html_(self) -> str:
        """Show counts and the campaigns in a notebook; all text is escaped."""
        return result_html(self.campaigns, self.manifest)


def load(folder: str | os.PathLike[str]) -> Result:
    """Load a saved result.

    Parameters
    ----------
    folder
        A folder that `Result.save` wrote.

    Returns
    -------
    Result
        Equal to the one saved.

    Raises
    ------
    ResultError
        When the folder is not a saved result, is unfinished, or a file was changed, links out of
        the folder, or does not hold the columns it should.
    """
    source = Path(folder)
    manifest = read_manifest(source)
    checksums = manifest.pop("checksums")
    del manifest["format_version"]
    loaded = {}
    for name in Result().tables:
        frame = read_table(source, name, checksums.get(name))
        # Posts keep the order of the input, campaigns that of suspicion.
        keep_order = name in ("posts", "campaigns")
        try:
            loaded[name] = tables.ALL[name].check(frame, source=str(source), sort=not keep_order)
        except SchemaError as error:
            raise ResultError(str(error)) from error
    return Result(**loaded, manifest=manifest)
