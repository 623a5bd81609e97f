"""What a planted campaign is: its kind and the knobs an adversary turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from disinfo.errors import ParameterError, did_you_mean, raise_all
from disinfo.simulation.grammar import LANGUAGES

CampaignKind = Literal[
    "copypasta",
    "reworded",
    "translated",
    "link_amplification",
    "hashtag_flood",
    "reply_brigade",
    "slow_persona",
]

# Kinds that say a message in every language of the world unless told otherwise.
MULTILINGUAL = ("reworded", "translated", "slow_persona")
_PARAPHRASE = {"copypasta": 0.0, "link_amplification": 0.5}
_SLOW_JITTER_S = 36 * 3600.0
_JITTER_S = 600.0


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A planted campaign.

    Parameters
    ----------
    kind
        ``copypasta`` (one text, many accounts), ``reworded`` (one message reworded by machine and
        translated, no shared link), ``translated`` (sites publish in one language, accounts repeat
        it in others), ``link_amplification``, ``hashtag_flood``, ``reply_brigade`` (many answers
        under one post) or ``slow_persona`` (messages spread over days).
    n_accounts
        Number of accounts.
    n_waves
        Number of times that the campaign acts together.
    n_messages
        Number of different messages; waves take turns.
    jitter_s
        Mean delay of a wave's followers behind its first post, in seconds (exponential). None:
        600, and 36 hours for ``slow_persona``.
    paraphrase
        Share of posts that get a wording of their own; the others copy the wave's text in their
        language. None: 0 for ``copypasta``, 0.5 for ``link_amplification``, else 1.
    rotation
        Share of accounts absent from a wave.
    camouflage
        Share of the accounts' posts that are ordinary ones, like everybody's.
    mimicry
        Share of the accounts that live as ordinary people do: they write as many posts as people,
        a campaign's post takes the place of an ordinary one of about the same hour and length,
        and an account joins no more waves than `camouflage` leaves it posts for.
    mixing
        Share of the posts that act in another layer than the kind's own: the wave's link, its tag,
        an answer under its target, a repost of its first post, or no trace at all.
    bought
        Share of the accounts that were bought from other people: as old as everybody's, and until
        they first act for the campaign their texts are in another language or on other topics.
    account_age_days
        None: accounts as old as everybody's. A number: made as one batch, about that old.
    languages
        Languages of the accounts. None: all of the world's for ``reworded``, ``translated`` and
        ``slow_persona``, else one of them. ``translated`` publishes in the first.

    Raises
    ------
    ParameterError
        With all problems at once.

    Notes
    -----
    An account that joins ``c = n_waves * (1 - rotation)`` waves writes ``c / (1 - camouflage)``
    posts on average, so strong camouflage of many waves makes accounts that post much; `mimicry`
    keeps them from it, and the campaign then says less.

    Examples
    --------
    >>> Campaign(kind="slow_persona").jitter_s
    129600.0
    >>> Campaign(kind="reworded", rotation=1.5)
    Traceback (most recent call last):
    disinfo.errors.ParameterError: Campaign: rotation must be in [0, 1), got 1.5
    """

    kind: CampaignKind
    n_accounts: int = 20
    n_waves: int = 8
    n_messages: int = 3
    jitter_s: float | None = None
    paraphrase: float | None = None
    rotation: float = 0.3
    camouflage: float = 0.5
    mimicry: float = 0.0
    mixing: float = 0.0
    bought: float = 0.0
    account_age_days: float | None = None
    languages: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Fill in what the kind decides, and check everything."""
        if self.jitter_s is None:
            slow = self.kind == "slow_persona"
            object.__setattr__(self, "jitter_s", _SLOW_JITTER_S if slow else _JITTER_S)
        if self.paraphrase is None:
            object.__setattr__(self, "paraphrase", _PARAPHRASE.get(self.kind, 1.0))
        raise_all(self._problems(), ParameterError, "Campaign")

    def _problems(self) -> list[str]:
        problems = kind_problems(self.kind, get_args(CampaignKind))
        problems += language_problems(self.languages)
        for name, least in (("n_accounts", 2), ("n_waves", 1), ("n_messages", 1)):
            value = getattr(self, name)
            if not isinstance(value, int) or value < least:
                problems.append(f"{name} must be a whole number of at least {least}, got {value!r}")
        if not (self.jitter_s is not None and 0 <= self.jitter_s < float("inf")):
            problems.append(f"jitter_s must be at least 0 and finite, got {self.jitter_s!r}")
        if not (self.paraphrase is not None and 0 <= self.paraphrase <= 1):
            problems.append(f"paraphrase must be in [0, 1], got {self.paraphrase!r}")
        for name in ("rotation", "camouflage"):
            value = getattr(self, name)
            if not 0 <= value < 1:
                problems.append(f"{name} must be in [0, 1), got {value!r}")
        for name in ("mimicry", "mixing", "bought"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                problems.append(f"{name} must be in [0, 1], got {value!r}")
        age = self.account_age_days
        if age is not None and not 0 < age < 10_000:
            problems.append(f"account_age_days must be in (0, 10000), got {age!r}")
        return problems

    @property
    def ordinary(self) -> float:
        """Ordinary posts that one account writes on average."""
        joined = max(1.0, self.n_waves * (1 - self.rotation))
        return joined * self.camouflage / (1 - self.camouflage)


def kind_problems(kind: str, kinds: tuple[str, ...]) -> list[str]:
    """Say what is wrong with the kind of a group, if anything."""
    if kind in kinds:
        return []
    hint = did_you_mean([str(kind)], list(kinds))
    return [f"kind must be one of {list(kinds)}, got {kind!r}.{hint}"]


def language_problems(languages: object) -> list[str]:
    """Say what is wrong with a choice of languages, if anything."""
    if languages is None:
        return []
    if not isinstance(languages, tuple):
        return [f"languages must be a tuple such as ('en',), got {languages!r}"]
    unknown = [code for code in languages if code not in LANGUAGES]
    if unknown:
        return [f"languages {unknown} have no corpus; there are {list(LANGUAGES)}"]
    if not languages or len(set(languages)) < len(languages):
        return [f"languages must be different and at least one, got {list(languages)}"]
    return []
