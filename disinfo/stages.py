"""What each stage takes and gives: the shapes that any replacement must have.

A stage is a callable. The built-in ones are frozen, keyword-only dataclasses whose parameters are
checked when they are built; a plain function of the same shape works as well::

    dataclasses.replace(Pipeline(), link_texts=my_function)

A stage returns its main table, or a mapping from table names to tables when it fills several; the
mapping may hold ``"dropped"``, rows that say what the stage left out. Inputs are never changed.
No stage is handed the pipeline or another stage. `disinfo.testing` has a conformance kit for each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.errors import SchemaError
from disinfo.schema import Column, Table

# Rows of vectors that are looked at together.
_BLOCK = 65_536

Vectors: TypeAlias = NDArray[np.float32]
StageOutput: TypeAlias = pd.DataFrame | Mapping[str, pd.DataFrame]


@runtime_checkable
class Embed(Protocol):
    """Texts to unit vectors: ``(n,)`` strings to ``(n, d)`` float32, each row of length one.

    The vector of a text depends on that text alone, never on what else is in the call.
    """

    def __call__(self, texts: Sequence[str], /) -> Vectors:
        """Return one unit row a text, in the order given."""


class LinkTexts(Protocol):
    """Distinct texts and their vectors to typed pairs (`links`)."""

    def __call__(self, texts: pd.DataFrame, embeddings: Vectors, /) -> StageOutput:
        """Return `links`; row i of `embeddings` belongs to row i of `texts`."""


class JudgeContradiction(Protocol):
    """Pairs of texts to the probability that the two contradict each other.

    An optional part of `LinkTexts`: a model of natural language inference, say. It is asked only
    about pairs that speak of one thing.
    """

    def __call__(self, first: Sequence[str], second: Sequence[str], /) -> NDArray[np.float64]:
        """Return m probabilities for m pairs, in the order given."""


class GroupNarratives(Protocol):
    """Texts, vectors and links to families and narratives.

    Main table `membership`; also `family_members` and `topic_members` (narrative_id, topic_id).
    """

    def __call__(
        self, texts: pd.DataFrame, embeddings: Vectors, links: pd.DataFrame, /
    ) -> StageOutput:
        """Return `membership` and, in a mapping, `family_members`."""


class ExtractActions(Protocol):
    """Posts (with text_id, family_id, narrative_id) to `actions`: who did what to which object."""

    def __call__(self, posts: pd.DataFrame, /) -> StageOutput:
        """Return `actions`."""


class LinkAccounts(Protocol):
    """Actions to `edges`: pairs of accounts that act together, each with a p-value."""

    def __call__(self, actions: pd.DataFrame, /) -> StageOutput:
        """Return `edges`, with q over all pairs of accounts that could have been linked."""


class GroupAccounts(Protocol):
    """Actions and edges to groups that pass a joint test: `groups`, `members`, `campaign_objects`.

    `groups` has campaign_id, layers, window_s, p and q; the pipeline completes it to `campaigns`.
    """

    def __call__(self, actions: pd.DataFrame, edges: pd.DataFrame, /) -> StageOutput:
        """Return a mapping with `groups`, `members` and `campaign_objects`."""


GROUPS = Table(
    name="groups",
    columns={
        name: tables.CAMPAIGNS.columns[name]
        for name in ("campaign_id", "layers", "window_s", "p", "q")
    },
    key=("campaign_id",),
)
TOPIC_MEMBERS = Table(
    name="topic_members",
    columns={
        **{name: tables.NARRATIVES.columns[name] for name in ("narrative_id", "topic_id")},
        # The cosine at which topics were cut, where the stage says so.
        "floor": Column(kind="float", optional=True),
        # How stable the narrative is under resampling, where the stage says so.
        "stability": Column(kind="float", optional=True, nullable=True),
    },
    key=("narrative_id",),
)


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the signals and the score look at: the tables made so far, checked.

    `posts` is the input with text_id, family_id and narrative_id added; a column that the input
    lacked is absent. `groups` has one row a campaign (campaign_id, layers, window_s, p, q).
    """

    posts: pd.DataFrame
    texts: pd.DataFrame = field(default_factory=tables.TEXTS.empty)
    links: pd.DataFrame = field(default_factory=tables.LINKS.empty)
    family_members: pd.DataFrame = field(default_factory=tables.FAMILY_MEMBERS.empty)
    membership: pd.DataFrame = field(default_factory=tables.MEMBERSHIP.empty)
    actions: pd.DataFrame = field(default_factory=tables.ACTIONS.empty)
    edges: pd.DataFrame = field(default_factory=tables.EDGES.empty)
    groups: pd.DataFrame = field(default_factory=GROUPS.empty)
    members: pd.DataFrame = field(default_factory=tables.MEMBERS.empty)
    campaign_objects: pd.DataFrame = field(default_factory=tables.CAMPAIGN_OBJECTS.empty)


class Signal(Protocol):
    """Findings to evidence rows. Higher values are more suspicious, in every signal.

    A signal whose columns are missing returns rows of status ``missing`` with 0 bits: absence is
    never imputed. The built-in signals leave `bits` at 0; the score fills them in from its card.
    """

    def __call__(self, findings: Findings, /) -> pd.DataFrame:
        """Return rows of `evidence`."""


class Score(Protocol):
    """Findings and evidence to probabilities and verdicts."""

    def __call__(self, findings: Findings, evidence: pd.DataFrame, /) -> StageOutput:
        """Return a mapping with `campaigns`, `accounts` and the completed `evidence`."""


HANDED_ON: Mapping[str, Table] = {
    **tables.ALL,
    GROUPS.name: GROUPS,
    TOPIC_MEMBERS.name: TOPIC_MEMBERS,
}


def as_tables(output: StageOutput, *, main: str, stage: str) -> dict[str, pd.DataFrame]:
    """Check what a stage returned and bring it into one shape.

    Parameters
    ----------
    output
        A frame (the main table) or a mapping of frames by table name.
    main
        The name of the stage's main table, which must be there.
    stage
        The stage's name, for messages.

    Returns
    -------
    dict of str to DataFrame
        Checked tables by name.

    Raises
    ------
    SchemaError
        When the main table is absent, a name is unknown, or a table fails its check.
    """
    given = {main: output} if isinstance(output, pd.DataFrame) else dict(output)
    unknown = sorted(set(given) - set(HANDED_ON))
    if unknown or main not in given:
        msg = f"stage {stage!r} must return {main!r}; it returned {sorted(given)}"
        raise SchemaError(msg + (f", of which {unknown} are unknown tables" if unknown else ""))
    return {name: HANDED_ON[name].check(frame, source=stage) for name, frame in given.items()}


def check_embeddings(vectors: object, n: int) -> Vectors:
    """Check that vectors are unit rows, one a text, and return them as float32.

    Parameters
    ----------
    vectors
        An array-like of shape (n, d).
    n
        The number of texts.

    Returns
    -------
    ndarray of shape (n, d), float32
        The vectors, renormalised to remove rounding.

    Raises
    ------
    SchemaError
        When the shape does not fit, a value is not finite, or rows are far from unit length.
    """
    array = np.asarray(vectors, dtype=np.float32)
    if array.ndim != 2 or array.shape[0] != n:
        msg = f"embeddings: shape {array.shape} does not fit {n} distinct texts, (n, d) expected"
        raise SchemaError(msg)
    lengths = np.empty(n, dtype=np.float32)
    # Some rows at a time: on the way to a length NumPy makes two copies of them.
    for at in range(0, n, _BLOCK):
        lengths[at : at + _BLOCK] = np.linalg.norm(array[at : at + _BLOCK], axis=1)
    bad = sum(not np.isfinite(array[row]).all() for row in np.flatnonzero(~np.isfinite(lengths)))
    if bad:
        msg = f"embeddings: {bad} of {n} rows hold values that are not finite"
        raise SchemaError(msg)
    off = np.abs(lengths - 1.0) > 1e-2
    if off.any():
        at = int(off.argmax())
        msg = (
            f"embeddings: {int(off.sum())} of {n} rows are not of unit length "
            f"(row {at} has length {lengths[at]:.3g}); divide each row by its norm"
        )
        raise SchemaError(msg)
    unit: Vectors = array / lengths[:, None] if n else array
    return unit
