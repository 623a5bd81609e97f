"""Signal `machine_writing`: posts that, taken together, are written as a language model writes.

Innocent causes: people who write in a second language, translate or polish with a tool, or hold an
office that speaks formally; help with writing is no deceit. Nothing is said of a single post.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from disinfo import tables
from disinfo.errors import ParameterError
from disinfo.signals.campaign_view import campaign_views
from disinfo.stages import Findings
from disinfo.writing import LanguageStyle, WritingModel, load_writing

_NO_MODEL = (
    "no model of writing was given: fit one on human posts of this platform and language "
    "(disinfo.writing.fit_writing)"
)


@dataclass(frozen=True, kw_only=True)
class MachineWriting:
    """Pool the style of the posts of each campaign, account and narrative (a `Signal`).

    Parameters
    ----------
    model
        A fitted model or the path of one. None says "missing" for every campaign: no model is
        shipped, since what people write differs by platform and year more than by who writes.
    min_posts
        Fewer distinct texts of one language are not pooled.

    Raises
    ------
    ModelError
        When the file is not a writing model.
    ParameterError
        When min_posts is below 2: one post is never judged.

    Notes
    -----
    The value is the log likelihood ratio in bits, machine against human, of the pooled texts; its
    own `bits` are 0, since writing with a machine is not inauthentic by itself. Fails on styles
    that were on neither side of the fit.

    Examples
    --------
    >>> MachineWriting(min_posts=1)
    Traceback (most recent call last):
    disinfo.errors.ParameterError: MachineWriting: min_posts must be 2 or more, got 1
    """

    model: WritingModel | Path | str | None = None
    min_posts: int = 5
    _model: WritingModel | None = field(init=False, repr=False, compare=False)
    __name__ = "machine_writing"

    def __post_init__(self) -> None:
        if self.min_posts < 2:
            msg = f"MachineWriting: min_posts must be 2 or more, got {self.min_posts}"
            raise ParameterError(msg)
        given = self.model
        loaded = given if given is None or isinstance(given, WritingModel) else load_writing(given)
        object.__setattr__(self, "_model", loaded)

    def __call__(self, findings: Findings, /) -> pd.DataFrame:
        """Return evidence on campaigns, accounts, narratives, and the posts of campaigns."""
        scored = self._scored(findings)
        rows = []
        for view in campaign_views(findings):
            own = scored[scored["post_id"].isin(view.posts["post_id"])]
            reason = _NO_MODEL if self._model is None else self._scarce
            row = self._row("campaign", view.campaign_id, own)
            rows.append(row or _missing(view.campaign_id, reason))
            rows.extend(self._post_rows(own))
        for subject, column in (("account", "account_id"), ("narrative", "narrative_id")):
            if len(scored) and column in scored:
                different = scored.groupby(column)["text_id"].transform("nunique")
                for subject_id, own in scored[different >= self.min_posts].groupby(column):
                    row = self._row(subject, str(subject_id), own)
                    rows.extend([row] if row else [])
        if not rows:
            return tables.EVIDENCE.empty()
        frame = pd.DataFrame(rows).drop_duplicates(["subject", "subject_id", "signal"])
        return tables.EVIDENCE.check(frame, source="signal machine_writing")

    @property
    def _scarce(self) -> str:
        known = sorted(self._model.styles) if self._model else []
        return f"fewer than {self.min_posts} different texts in one of the languages {known}"

    def _scored(self, findings: Findings) -> pd.DataFrame:
        """Return the posts whose language the model knows, with the score of their text."""
        posts, texts = findings.posts, findings.texts
        if self._model is None or "text_id" not in posts:
            return posts.iloc[:0].assign(score=0.0, language="")
        known = texts[texts["language"].isin(list(self._model.styles))]
        parts = [
            own[["text_id", "language"]].assign(
                score=self._model.styles[code].score(own["text"].tolist())
            )
            for code, own in known.groupby("language")
        ]
        if not parts:
            return posts.iloc[:0].assign(score=0.0, language="")
        written = posts.drop(columns=["language"], errors="ignore")
        # A repost is another's writing.
        if "repost_of" in written:
            written = written[written["repost_of"].isna()]
        return written.merge(pd.concat(parts), on="text_id")

    def _row(self, subject: str, subject_id: str, posts: pd.DataFrame) -> dict[str, object] | None:
        """Pool the texts in the commonest language, each text once."""
        texts = posts.drop_duplicates("text_id")
        if len(texts) < self.min_posts or self._model is None:
            return None
        counts = texts["language"].value_counts()
        code = min(counts.index[counts == counts.max()])
        own = texts[texts["language"] == code]
        if len(own) < self.min_posts:
            return None
        scores = own["score"].to_numpy(np.float64)
        style = self._model.styles[code]
        pooled, share = style.pool(scores), style.share(scores)
        return {
            "subject": subject,
            "subject_id": subject_id,
            "signal": "machine_writing",
            "value": pooled.bits,
            "bits": 0.0,
            "because": f"{pooled.n} texts ({code}), worth {pooled.n_eff:.1f} independent ones, "
            f"are together {_odds(pooled.bits)}; estimated share of machine texts "
            f"{share.share:.0%} ({share.low:.0%} to {share.high:.0%})",
            "status": "ok",
        }

    def _post_rows(self, posts: pd.DataFrame) -> Iterable[dict[str, object]]:
        for row in posts.itertuples():
            style: LanguageStyle = self._model.styles[row.language]  # type: ignore[union-attr]
            yield {
                "subject": "post",
                "subject_id": row.post_id,
                "signal": "machine_writing",
                "value": style.pool(np.array([row.score])).bits,
                "bits": 0.0,
                "because": "its share in the pooled statement; says nothing of this post alone",
                "status": "ok",
            }


def _odds(bits: float) -> str:
    side = "like machine posts" if bits > 0 else "like human posts"
    return f"2^{abs(bits):.1f} times likelier {side} of the reference"


def _missing(campaign_id: str, because: str) -> dict[str, object]:
    return {
        "subject": "campaign",
        "subject_id": campaign_id,
        "signal": "machine_writing",
        "value": None,
        "bits": 0.0,
        "because": because,
        "status": "missing",
    }


machine_writing = MachineWriting()
