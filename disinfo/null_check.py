"""The check of the null on the user's own data, for a finished result."""

from __future__ import annotations

from typing import Any

import pandas as pd

from disinfo.coordination.null_check import null_rounds
from disinfo.errors import ParameterError
from disinfo.pipeline import Pipeline
from disinfo.result import Result

_STAGES = ("link_accounts", "group_accounts")


def check_null(
    result: Result, *, rounds: int = 20, seed: int = 0, pipeline: Pipeline | None = None
) -> pd.DataFrame:
    """Repeat the pair and group tests on a result's actions with the actors exchanged.

    Parameters
    ----------
    result
        A result of `detect`, or one that was saved and loaded.
    rounds, seed
        See `disinfo.coordination.null_check.null_rounds`.
    pipeline
        The stages of the run; needed only where they were replaced by your own.

    Returns
    -------
    DataFrame
        A `null_rounds` table.

    Raises
    ------
    ParameterError
        When a stage of the run was not a built-in one and no pipeline is given.

    Examples
    --------
    >>> check_null(Result(), rounds=1)["n_campaigns"].tolist()
    [0, 0, 0]
    """
    stages = pipeline if pipeline is not None else _recorded(result)
    alpha = getattr(stages.group_accounts, "alpha", 0.05)
    return null_rounds(
        result.actions,
        stages.link_accounts,
        stages.group_accounts,
        alpha=alpha,
        rounds=rounds,
        seed=seed,
    )


def _recorded(result: Result) -> Pipeline:
    """Return the stages with the parameters that the manifest keeps."""
    parameters: dict[str, Any] = dict(result.manifest.get("parameters", {}))
    own = [name for name in _STAGES if not isinstance(parameters.get(name, {}), dict)]
    if own:
        msg = f"null_check: the run used a stage of your own for {own}; hand in its pipeline="
        raise ParameterError(msg)
    return Pipeline.from_config({name: parameters.get(name, {}) for name in _STAGES})
