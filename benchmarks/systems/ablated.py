"""The library with one stage or one signal taken out."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

import disinfo
from benchmarks.systems.groups import detected
from benchmarks.task import AbsentError, Answer, Question, System
from disinfo.coordination import SharedObjects
from disinfo.errors import ModelError
from disinfo.links import LinkByMeaning
from disinfo.signals import ALL_SIGNALS
from disinfo.stages import Vectors, as_tables

_LIKELY = "likely inauthentic"
LAYERS = ("url", "hashtag", "reply", "repost", "family", "narrative")


def near_only(texts: pd.DataFrame, embeddings: Vectors) -> pd.DataFrame:
    """Link near copies only: what is left when meaning is not looked at."""
    links = as_tables(LinkByMeaning()(texts, embeddings), main="links", stage="links")["links"]
    return links[links["kind"] == "near"]


def no_links(texts: pd.DataFrame, embeddings: Vectors) -> pd.DataFrame:
    """Link nothing: only texts of one normal form are one."""
    return near_only(texts, embeddings).head(0)


def _named(result: disinfo.Result) -> Answer:
    columns = ["campaign_id", "probability", "verdict"]
    members = result.members.merge(result.campaigns[columns], on="campaign_id")
    return members.assign(likely=members["verdict"] == _LIKELY).rename(
        columns={"campaign_id": "group_id"}
    )


def _with(pipeline: disinfo.Pipeline, what: str) -> System:
    def answer(question: Question) -> Answer:
        try:
            return _named(disinfo.detect(question.table, pipeline=pipeline, progress=False))
        except ModelError as error:
            raise AbsentError(str(error)) from error

    return System(
        name=f"disinfo: detect without {what}",
        answer=answer,
        about=f"The whole job with its defaults, but without {what}.",
    )


def _without_layer(layer: str) -> System:
    kept = tuple(name for name in SharedObjects().layers if name != layer)
    changed = dataclasses.replace(disinfo.Pipeline(), extract_actions=SharedObjects(layers=kept))
    return _with(changed, f"layer {layer}")


STAGES: tuple[System, ...] = (
    _with(dataclasses.replace(disinfo.Pipeline(), link_texts=no_links), "links between texts"),
    _with(
        dataclasses.replace(disinfo.Pipeline(), link_texts=near_only),
        "rewordings and translations",
    ),
    *map(_without_layer, LAYERS),
)


def bits_answer(question: Question, without: str | None) -> Answer:
    """Return members with a probability made of the bits of all signals but one."""
    result = detected(question.table)
    evidence = result.evidence[result.evidence["subject"] == "campaign"]
    bits = evidence[evidence["signal"] != without].groupby("subject_id")["bits"].sum()
    named = _named(result)
    odds = named["group_id"].map(bits).fillna(0.0).to_numpy(np.float64)
    return named.assign(probability=1 / (1 + np.exp2(-np.clip(odds, -60, 60))))


def _without_signal(name: str | None) -> System:
    return System(
        name="disinfo: bits of all signals" if name is None else f"disinfo: bits without {name}",
        answer=lambda question: bits_answer(question, name),
        about="Groups and evidence of the whole job; the sum of the bits"
        + ("." if name is None else f" without those of {name}."),
    )


def signal_names() -> list[str]:
    """Return the names under which signals write evidence."""
    return sorted(getattr(one, "__name__", type(one).__name__) for one in ALL_SIGNALS)


SIGNALS: tuple[System, ...] = (
    _without_signal(None), *(_without_signal(name) for name in signal_names()),
)  # fmt: skip
