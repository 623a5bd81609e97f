"""Who wrote it: machine posts of a style or generator that was not learned, alone and pooled."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from benchmarks.blinding import blind_name, blind_rows
from benchmarks.datasets import DATASETS
from benchmarks.intervals import Columns
from benchmarks.metrics import auc, calibration_error, ratio
from benchmarks.systems import writing
from benchmarks.task import Answer, Case, Metric, Question, Task, identity

_POOL = 10
_ELSEWHERE = "elsewhere: "
_LANGUAGES = ("en", "uk", "ru")
_MAX_TWEEPFAKE = 200
_MAX_ELSEWHERE = 500
# Nine to one at even odds.
_ALARM_BITS = float(np.log2(9))


def _left_out(pairs: pd.DataFrame) -> Iterator[Case]:
    """Yield each style of a language left out, and each generator."""
    for language in _LANGUAGES:
        own = pairs[pairs["language"] == language]
        style_of = own[own["label"]].set_index("unit")["style"]
        styles = own["unit"].map(style_of)
        for style in sorted(style_of.unique()):
            yield _case(
                f"{language}, {style}", language, own[styles == style], own[styles != style]
            )
    yield from _tweepfake()


def left_out_and_elsewhere(seed: int) -> Iterator[Case]:
    """Yield what is left out, and human posts of other kinds."""
    del seed
    pairs = _pairs()
    yield from _left_out(pairs)
    for language in _LANGUAGES:
        yield from _elsewhere(language, pairs[pairs["language"] == language])


def _pairs() -> pd.DataFrame:
    rows = DATASETS["ai_rewrites"].frame("pairs.csv").fillna("")
    return pd.DataFrame(
        {
            "text": rows["text"],
            "language": rows["language"],
            "style": rows["style"],
            "label": rows["label"] == "machine",
            "unit": rows["pair_id"],
        }
    ).drop_duplicates("text")


def _tweepfake() -> Iterator[Case]:
    """Yield each generator; each is told from another third of the people."""
    rows = pd.read_csv(DATASETS["tweepfake"].path("validation.csv"), sep=";", dtype="str")
    rows = rows.dropna(subset=["text"])
    posts = pd.DataFrame(
        {
            "text": _clean(rows["text"]),
            "language": "en",
            "style": rows["class_type"].where(rows["class_type"] != "human", ""),
            "label": rows["class_type"] != "human",
            "unit": rows["screen_name"],
        }
    ).drop_duplicates("text")
    posts = posts[posts["text"].str.len() > 0]
    people = pd.factorize(posts["unit"], sort=True)[0] % 3
    for number, generator in enumerate(sorted(set(posts["style"]) - {""})):
        machine = posts["style"] == generator
        test = machine | (~posts["label"] & (people == number))
        asked = posts[test].groupby("label", group_keys=False).head(_MAX_TWEEPFAKE)
        yield _case(f"tweepfake, {generator}", "tweepfake", asked, posts[~test])


def _elsewhere(language: str, lessons: pd.DataFrame) -> Iterator[Case]:
    """Yield human posts of other kinds, asked of what was learned on the pairs of the language."""
    sets: dict[str, pd.Series] = {}
    if language == "en":
        tweets = DATASETS["tweeteval_generic"].path("sentiment_test_text.txt").read_text("utf-8")
        sets["tweeteval"] = pd.Series(tweets.splitlines())
        sets["pheme"] = DATASETS["pheme_rumours"].frame("posts.csv", ["text"])["text"]
    else:
        rows = DATASETS["unlp2025_telegram"].frame("train.parquet", ["content", "lang"])
        sets[f"unlp {language}"] = rows.loc[rows["lang"] == language, "content"].str[:280]
    for name, texts in sets.items():
        text = _clean(texts).drop_duplicates()
        text = text[text.str.len() > 0].head(_MAX_ELSEWHERE)
        asked = pd.DataFrame({"text": text, "language": language, "style": "", "label": False})
        unit = [f"{name} {number}" for number in range(len(asked))]
        yield _case(f"elsewhere, {name}", f"{_ELSEWHERE}{name}", asked.assign(unit=unit), lessons)


def _clean(texts: pd.Series) -> pd.Series:
    bare = texts.str.replace(r"https?://\S+|@\w+", " ", regex=True)
    return bare.str.split().str.join(" ")


def _case(name: str, what: str, asked: pd.DataFrame, lessons: pd.DataFrame) -> Case:
    """Cut the posts asked about into sources of ten, of one side each."""
    text = identity(lessons["text"])
    lessons = lessons[~text.isin(identity(asked["text"]))]
    asked = asked.assign(text_id=[f"{name} {number}" for number in range(len(asked))])
    rows = blind_rows(asked, "text_id", name)
    place = rows.groupby("label").cumcount() // _POOL
    source = [f"{label} {number}" for label, number in zip(rows["label"], place, strict=True)]
    rows = rows.assign(source=[blind_name(name, one) for one in source])
    truth = rows[["text_id", "source", "label", "unit"]].assign(part=what, case=name)
    return Case(
        name=name,
        question=Question(
            table=rows[["text_id", "text", "language", "source"]],
            lessons=lessons[["text", "language", "style", "label", "unit"]]
            .rename(columns={"unit": "pair_id"})
            .reset_index(drop=True),
        ),
        truth=truth,
    )


def judge(case: Case, answer: Answer) -> pd.DataFrame:
    """Set scores of posts and bits of sources of ten beside the truth; none given is 0.

    Returns
    -------
    DataFrame
        Rows of kind ``post`` (unit: the pair or account) and ``source`` (unit: the source); the
        kind of a source from elsewhere is its part.
    """
    truth = case.truth
    score = truth["text_id"].map(_by(answer, "text_id", "score")).fillna(0.0)
    posts = truth[["unit", "label", "part", "case"]].assign(score=score, kind="post")
    sources = truth.groupby("source").agg(
        label=("label", "first"),
        part=("part", "first"),
        case=("case", "first"),
        n=("label", "size"),
    )
    sources = sources[sources["n"] == _POOL].drop(columns="n").reset_index()
    bits = sources["source"].map(_by(answer, "source", "bits")).fillna(0.0)
    elsewhere = sources["part"].str.startswith(_ELSEWHERE)
    sources = sources.assign(
        unit=sources["case"] + " " + sources["source"],
        score=bits,
        kind=sources["part"].where(elsewhere, "source"),
    )
    return pd.concat([posts, sources.drop(columns="source")], ignore_index=True)


def _by(answer: Answer, name: str, value: str) -> pd.Series:
    return answer.groupby(name)[value].first() if len(answer) else pd.Series(dtype="float64")


def _mean_auc(part: str) -> Callable[[Columns], float]:
    """Return the mean over cases of a part: scores of two fits have no common zero."""

    def value(columns: Columns) -> float:
        # Filtered before anything is compared case by case: this runs for every resample.
        inside = np.flatnonzero(columns["part"] == part)
        label, score = columns["label"][inside].astype(bool), columns["score"][inside].astype(float)
        codes, cases = pd.factorize(columns["case"][inside])
        found = [auc(label[codes == k], score[codes == k]) for k in range(len(cases))]
        known = [one for one in found if not np.isnan(one)]
        return float(np.mean(known)) if known else float("nan")

    return value


def _ece(columns: Columns) -> float:
    inside = np.isin(columns["part"].astype(str), _LANGUAGES)
    bits = np.clip(columns["score"].astype(float)[inside], -60, 60)
    return calibration_error(columns["label"].astype(bool)[inside], 1 / (1 + 2.0**-bits))


def _alarms(columns: Columns) -> float:
    given = columns["score"].astype(float) > _ALARM_BITS
    return ratio(float((given & ~columns["label"].astype(bool)).sum()), len(given))


_PARTS = (*_LANGUAGES, "tweepfake")
_SETS = ("tweeteval", "pheme", "unlp uk", "unlp ru")


def _metrics() -> Iterator[Metric]:
    for kind, what in (("source", "ten posts"), ("post", "one post")):
        for part in _PARTS:
            value = _mean_auc(part)
            yield Metric(name=f"AUC, {what}, {part}", value=value, kinds=(kind,), rounds=200)
    yield Metric(
        name="calibration error, ten posts",
        value=_ece,
        greater_is_better=False,
        kinds=("source",),
        rounds=200,
    )
    for name in _SETS:
        yield Metric(
            name=f"false alarms, {name}",
            value=_alarms,
            greater_is_better=False,
            kinds=(f"{_ELSEWHERE}{name}",),
            of_units=True,
            rounds=200,
        )


TASKS = (
    Task(
        id="machine-writing",
        description="Machine or human? The style (ai_rewrites) or generator (tweepfake) of the "
        "machine posts was not learned, nor were the pairs asked about. Ten posts of one style, "
        "or of people, and single posts; mean over styles or generators. Calibration of sources of "
        "ten over all languages at even odds. False alarms: sources of ten human posts of other "
        "kinds (tweets, breaking news by journalists, Telegram) that get nine to one or more for "
        "machine, by a model that learned from the pairs of their language. Intervals by source, "
        "pair or account.",
        cases=left_out_and_elsewhere,
        judge=judge,
        metrics=tuple(_metrics()),
        baseline=writing.CHARACTERS.name,
        systems=writing.SYSTEMS,
        data=(
            "ai_rewrites", "tweepfake", "tweeteval_generic", "pheme_rumours", "unlp2025_telegram",
        ),
    ),
)  # fmt: skip
