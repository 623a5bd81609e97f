"""The set of stages of a run, and how to change one."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from disinfo.coordination import GroupTest, SharedObjects, SurpriseNull
from disinfo.embedding import EmbeddingBySize, SentenceEmbedding, make_embedding
from disinfo.engines import ONE_PROCESS, Engine
from disinfo.errors import ParameterError, did_you_mean, raise_all
from disinfo.links import LinkByMeaning
from disinfo.narratives import GroupByMeaning
from disinfo.scoring import ScorecardScore
from disinfo.signals import ALL_SIGNALS
from disinfo.stages import (
    Embed,
    ExtractActions,
    GroupAccounts,
    GroupNarratives,
    LinkAccounts,
    LinkTexts,
    Score,
    Signal,
)

_BUILT_IN: Mapping[str, Any] = {
    "embed": SentenceEmbedding,
    "link_texts": LinkByMeaning,
    "group_narratives": GroupByMeaning,
    "extract_actions": SharedObjects,
    "link_accounts": SurpriseNull,
    "group_accounts": GroupTest,
    "score": ScorecardScore,
}


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """The stages of a run; each may be replaced by a callable of the same shape.

    Parameters
    ----------
    embed, link_texts, group_narratives
        The language stages.
    extract_actions, link_accounts, group_accounts
        The behaviour stages.
    signals
        What speaks for and against a campaign's being inauthentic.
    score
        From evidence to probabilities and verdicts.
    engine
        Where the heavy kernels run; see `disinfo.engines`. It changes no table.

    Examples
    --------
    >>> import dataclasses
    >>> strict = dataclasses.replace(Pipeline(), group_accounts=GroupTest(alpha=0.01))
    >>> strict.group_accounts.alpha
    0.01
    """

    embed: Embed = field(default_factory=SentenceEmbedding)
    link_texts: LinkTexts = field(default_factory=LinkByMeaning)
    group_narratives: GroupNarratives = field(default_factory=GroupByMeaning)
    extract_actions: ExtractActions = field(default_factory=SharedObjects)
    link_accounts: LinkAccounts = field(default_factory=SurpriseNull)
    group_accounts: GroupAccounts = field(default_factory=GroupTest)
    signals: tuple[Signal, ...] = ALL_SIGNALS
    score: Score = field(default_factory=ScorecardScore)
    engine: Engine = ONE_PROCESS

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Pipeline:
        """Build a pipeline of built-in stages from nested parameters, as read from TOML.

        Parameters
        ----------
        config
            Parameters by stage, for example ``{"group_accounts": {"alpha": 0.01}}``. ``embed`` may
            be a name as well, as `detect` takes it.

        Returns
        -------
        Pipeline
            Stages that are not named keep their defaults.

        Raises
        ------
        ParameterError
            When a stage or a parameter is unknown, or a value is out of its range.

        Examples
        --------
        >>> Pipeline.from_config({"score": {"prevalence": 0.5}}).score.prevalence
        0.5
        """
        problems = []
        for stage, parameters in config.items():
            if stage == "embed" and isinstance(parameters, str):
                continue
            if stage not in _BUILT_IN:
                known = list(_BUILT_IN)
                problems.append(f"unknown stage {stage!r}." + did_you_mean([stage], known))
                continue
            if not isinstance(parameters, Mapping):
                problems.append(f"stage {stage!r} needs parameters by name, not {parameters!r}")
                continue
            fields = {f.name: f for f in dataclasses.fields(_BUILT_IN[stage]) if f.init}
            names = list(fields)
            problems.extend(
                f"stage {stage!r}: {name} must be a list, not {value!r}"
                for name, value in parameters.items()
                if name in fields
                and isinstance(fields[name].default, tuple)
                and not isinstance(value, list | tuple)
            )
            unknown = [name for name in parameters if name not in names]
            if unknown:
                hint = did_you_mean(unknown, names)
                problems.append(
                    f"stage {stage!r} has no parameter {unknown}; it has {names}.{hint}"
                )
        raise_all(problems, ParameterError, "configuration")
        stages: dict[str, Any] = {}
        for stage, parameters in config.items():
            if isinstance(parameters, str):
                stages[stage] = make_embedding(parameters)
                continue
            frozen = {
                name: tuple(value) if isinstance(value, list) else value
                for name, value in parameters.items()
            }
            try:
                stages[stage] = _BUILT_IN[stage](**frozen)
            except (TypeError, AttributeError) as error:
                msg = f"configuration: stage {stage!r} with {frozen}: wrong type of value ({error})"
                raise ParameterError(msg) from error
        return cls(**stages)

    def for_texts(self, n_texts: int) -> tuple[Pipeline, tuple[str, ...]]:
        """Return the pipeline as it runs on a corpus: embedding chosen, thresholds fitted to it.

        Parameters
        ----------
        n_texts
            Distinct texts of the corpus.

        Returns
        -------
        pipeline : Pipeline
            The stages that will run.
        notes : tuple of str
            What a reader must know of them.

        Raises
        ------
        ParameterError
            When thresholds of another embedding model were asked for.
        """
        embed, notes = self.embed, []
        if isinstance(embed, EmbeddingBySize):
            embed = embed.chosen(n_texts)
            notes.append(f"embedding chosen by size ({n_texts:,} texts): {type(embed).__name__}")
        linking = self.link_texts
        model_id = getattr(embed, "thresholds_of", getattr(embed, "model_id", None))
        if isinstance(linking, LinkByMeaning) and model_id is not None:
            linking, note = linking.fitted_to(model_id)
            notes += [note] if note else []
        return dataclasses.replace(self, embed=embed, link_texts=linking), tuple(notes)

    def with_settings(
        self, *, alpha: float | None, prevalence: float | None, seed: int | None
    ) -> Pipeline:
        """Return the pipeline with common settings changed in the stages that have them.

        Parameters
        ----------
        alpha
            False discovery rate over campaigns; None leaves it as it is.
        prevalence
            Stated share of inauthentic groups among coordinated ones.
        seed
            Seed of everything that draws.

        Returns
        -------
        Pipeline
            A new pipeline.

        Raises
        ------
        ParameterError
            When a replaced stage has no such setting.
        """
        wanted: dict[str, dict[str, Any]] = {}
        for stage, name, value in (
            ("group_accounts", "alpha", alpha),
            ("group_accounts", "seed", seed),
            ("score", "prevalence", prevalence),
        ):
            if value is not None:
                wanted.setdefault(stage, {})[name] = value
        changed: dict[str, Any] = {}
        for stage, settings in wanted.items():
            present: Any = getattr(self, stage)
            known = getattr(present, "__dataclass_fields__", {})
            if not set(settings) <= set(known):
                msg = f"the stage {stage!r} in use has no settings {sorted(settings)}"
                raise ParameterError(msg)
            changed[stage] = dataclasses.replace(present, **settings)
        return dataclasses.replace(self, **changed)

    def on_its_engine(self) -> Pipeline:
        """Return the pipeline with its engine given to every stage that can use one.

        Returns
        -------
        Pipeline
            A new pipeline. A stage of your own that has a field `engine` is given it as well.

        Examples
        --------
        >>> from disinfo.engines import Local
        >>> Pipeline(engine=Local(processes=2)).on_its_engine().link_accounts.engine
        Local(processes=2)
        """
        moved: dict[str, Any] = {}
        for item in dataclasses.fields(self):
            stage: Any = getattr(self, item.name)
            if "engine" in getattr(stage, "__dataclass_fields__", {}):
                moved[item.name] = dataclasses.replace(stage, engine=self.engine)
        # An engine that wraps another (`StoredParts`) has a field of this name too.
        moved.pop("engine", None)
        return dataclasses.replace(self, **moved)
