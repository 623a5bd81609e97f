"""What a benign twin is: accounts that act together and have every right to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from disinfo.errors import ParameterError, raise_all
from disinfo.simulation.campaigns import kind_problems, language_problems

TwinKind = Literal["newswire", "fan_club", "protest", "petition_app", "feed", "customer_service"]

_N_ACCOUNTS = {
    "newswire": 8,
    "fan_club": 20,
    "protest": 30,
    "petition_app": 25,
    "feed": 4,
    "customer_service": 5,
}
# Ordinary posts of a member, as a share of what everybody writes.
_ORDINARY = {
    "newswire": 0.0,
    "fan_club": 0.6,
    "protest": 0.8,
    "petition_app": 0.8,
    "feed": 0.0,
    "customer_service": 0.0,
}


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A benign twin.

    Parameters
    ----------
    kind
        ``newswire`` (outlets that print agency copy within minutes, beside their own texts),
        ``fan_club`` (alerts on: they share an idol's posts within a minute, and live ordinarily),
        ``protest`` (one call to action with a hashtag round an event), ``petition_app`` (text made
        by an app, with everybody's own name), ``feed`` (weather and scores on schedule) or
        ``customer_service`` (templated answers).
    n_accounts
        Number of accounts. None: 4 (feed) to 30 (protest).
    languages
        Languages of the accounts. None: one of the world's.

    Raises
    ------
    ParameterError
        With all problems at once.

    Examples
    --------
    >>> Twin(kind="newswire").n_accounts
    8
    >>> Twin(kind="news")
    Traceback (most recent call last):
    disinfo.errors.ParameterError: Twin: kind must be one of ['newswire', ...
    """

    kind: TwinKind
    n_accounts: int | None = None
    languages: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Fill in what the kind decides, and check everything."""
        if self.n_accounts is None:
            object.__setattr__(self, "n_accounts", _N_ACCOUNTS.get(self.kind, 2))
        problems = kind_problems(self.kind, get_args(TwinKind))
        problems += language_problems(self.languages)
        if not isinstance(self.n_accounts, int) or self.n_accounts < 2:
            problems.append(
                f"n_accounts must be a whole number of at least 2, got {self.n_accounts!r}"
            )
        raise_all(problems, ParameterError, "Twin")

    @property
    def size(self) -> int:
        """Number of accounts."""
        return self.n_accounts or 0

    @property
    def established(self) -> bool:
        """Whether its accounts are old ones, as those of firms are."""
        return self.kind in ("newswire", "feed", "customer_service")

    @property
    def ordinary(self) -> float:
        """Ordinary posts of a member, as a share of what everybody writes."""
        return _ORDINARY[self.kind]
