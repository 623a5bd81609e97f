"""Which texts say the contrary: pairs of a claim with its copies, rewordings, debunks and flips."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.blinding import blind_rows
from benchmarks.intervals import Columns
from benchmarks.metrics import ratio
from benchmarks.systems import pairs
from benchmarks.systems.text_peers import PAIR_PEERS
from benchmarks.task import Answer, Case, Metric, Question, System, Task
from benchmarks.vectors import embed_texts
from disinfo.tables import APART_KINDS

FOLDER = Path(__file__).parents[1] / "data_opposed"
# Rules may be developed on the first two; the others are only ever reported on.
DEVELOPMENT = (FOLDER / "development.tsv", FOLDER / "development_2.tsv")
HELD_OUT = FOLDER / "held_out.tsv"
HELD_OUT_2 = FOLDER / "held_out_2.tsv"
HELD_OUT_3 = FOLDER / "held_out_3.tsv"
SAME = ("copy", "paraphrase")
OPPOSED = ("negation", "debunk", "flip")
# A later report of the same matter, and the same story about another place: neither the same
# message nor the contrary.
UPDATE, ELSEWHERE = "update", "elsewhere"


def read_opposed(path: Path) -> pd.DataFrame:
    """Read one half: message, language, and a column a wording; copies are made by rule.

    Returns
    -------
    DataFrame
        One row a text: message, language, wording (claim, copy, paraphrase, negation, debunk,
        flip and, where the file has them, update and elsewhere), text.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    texts = []
    for row in rows:
        wordings = {"claim": row["claim"], "copy": _copy(row["claim"])}
        written = ("paraphrase", *OPPOSED, UPDATE, ELSEWHERE)
        wordings |= {name: row[name] for name in written if name in row}
        texts += [
            {"message": row["message"], "language": row["language"], "wording": w, "text": text}
            for w, text in wordings.items()
        ]
    return pd.DataFrame(texts)


def _copy(text: str) -> str:
    """Return what a copying account makes of a text: shouted end, a tag, a link."""
    words = text.rstrip(".!").split(" ")
    return " ".join([*words[:-1], words[-1].upper()]) + "!!! #news https://t.example/a1"


def _pairs(texts: pd.DataFrame) -> pd.DataFrame:
    """Pair each claim with the wordings of its message in every language; claims across languages.

    Copies, flips and updates are paired within a language only.
    """
    claims = texts[texts["wording"] == "claim"]
    joined = claims.merge(texts, on="message", suffixes=("_a", "_b"))
    joined = joined[joined["text_id_a"] != joined["text_id_b"]]
    within = joined["language_a"] == joined["language_b"]
    claim = joined["wording_b"] == "claim"
    keep = (within & ~claim) | (~within & joined["wording_b"].isin(("negation", "debunk")))
    keep |= claim & (joined["language_a"] < joined["language_b"])
    kept = joined[keep]
    wording = kept["wording_b"].where(kept["wording_b"] != "claim", "translation")
    across = np.where(kept["language_a"] == kept["language_b"], "", ", across languages")
    return pd.DataFrame(
        {
            "text_a": kept["text_id_a"],
            "text_b": kept["text_id_b"],
            "wording": wording + np.where(wording == "translation", "", across),
            "message": kept["message"],
            "opposed": wording.isin(OPPOSED),
        }
    )


def _case(path: Path, kept: Callable[[str], bool] = lambda message: True) -> Case:
    raw = read_opposed(path)
    raw = raw[raw["message"].map(kept)]
    texts = raw.assign(text_id=raw["message"] + raw["language"] + raw["wording"])
    blind = blind_rows(texts, "text_id", "opposed")
    asked = _pairs(blind).sort_values(["text_a", "text_b"]).reset_index(drop=True)
    seen = blind[["text_id", "text"]]
    question = Question(
        table=seen,
        embeddings=embed_texts(seen["text"].tolist()),
        pairs=asked[["text_a", "text_b"]],
    )
    return Case(name=path.stem, question=question, truth=asked.assign(label=asked["message"]))


def development(seed: int) -> Iterator[Case]:
    """Yield the sets that rules may be developed on, a case each."""
    del seed
    for path in DEVELOPMENT:
        yield _case(path)


def held_out(seed: int) -> Iterator[Case]:
    """Yield the half that is only reported on, as one case."""
    del seed
    yield _case(HELD_OUT)


def held_out_2(seed: int) -> Iterator[Case]:
    """Yield the half of the second set whose messages have an even number, as one case."""
    del seed
    yield _case(HELD_OUT_2, lambda message: not is_sealed(message))


def sealed(seed: int) -> Iterator[Case]:
    """Yield the other half, which is asked once when rules are done, as one case."""
    del seed
    yield _case(HELD_OUT_2, is_sealed)


def is_sealed(message: str) -> bool:
    """Tell whether a message of the second held-out set has an odd number."""
    return int(message.rsplit("-", 1)[1]) % 2 == 1


def held_out_3(seed: int) -> Iterator[Case]:
    """Yield the third set that is only reported on, as one case."""
    del seed
    yield _case(HELD_OUT_3)


def judge(case: Case, answer: Answer) -> pd.DataFrame:
    """Look up each asked pair; one that the answer lacks was not linked.

    Returns
    -------
    DataFrame
        One row a pair: unit = message, wording, opposed, joined, told.
    """
    kind = answer["kind"] if "kind" in answer else pd.Series("same", answer.index)
    given = {
        frozenset(pair): said
        for *pair, said in zip(answer["text_a"], answer["text_b"], kind, strict=True)
    }
    truth = case.truth
    said = [
        given.get(frozenset(pair), "")
        for pair in zip(truth["text_a"], truth["text_b"], strict=True)
    ]
    return pd.DataFrame(
        {
            "unit": truth["message"],
            "wording": truth["wording"],
            "opposed": truth["opposed"].astype(bool),
            "joined": [one not in ("", *APART_KINDS) for one in said],
            "told": [one == "opposed" for one in said],
        }
    )


def _share(columns: Columns, name: str, *, opposed: bool) -> float:
    inside = columns["opposed"].astype(bool) == opposed
    inside &= ~np.isin(columns["wording"].astype(str), (UPDATE, ELSEWHERE))
    return ratio(float(columns[name].astype(bool)[inside].sum()), int(inside.sum()))


def _balanced(columns: Columns) -> float:
    joined = _share(columns, "joined", opposed=False)
    return (joined + 1 - _share(columns, "joined", opposed=True)) / 2


def _said(wording: str, name: str, label: str, *, greater_is_better: bool) -> Metric:
    def value(columns: Columns) -> float:
        inside = columns["wording"].astype(str) == wording
        return ratio(float(columns[name].astype(bool)[inside].sum()), int(inside.sum()))

    return Metric(name=f"{wording} {label}", value=value, greater_is_better=greater_is_better)


def _wrongly(wording: str) -> Metric:
    return _said(wording, "joined", "joined", greater_is_better=wording in SAME)


METRICS = (
    Metric(name="balanced accuracy of joining", value=_balanced),
    Metric(
        name="opposed pairs joined",
        value=lambda columns: _share(columns, "joined", opposed=True),
        greater_is_better=False,
    ),
    Metric(
        name="opposed pairs called opposed",
        value=lambda columns: _share(columns, "told", opposed=True),
    ),
    Metric(
        name="same pairs called opposed",
        value=lambda columns: _share(columns, "told", opposed=False),
        greater_is_better=False,
    ),
    *(_wrongly(wording) for wording in (*SAME, *OPPOSED)),
)

# An update may be joined or left alone; what it must not be is opposed.
WITH_UPDATES = (
    *METRICS,
    _said(UPDATE, "told", "called opposed", greater_is_better=False),
    _said(UPDATE, "joined", "joined", greater_is_better=True),
)
# The same story about the next town is another message, and no contradiction.
WITH_PLACES = (
    *WITH_UPDATES,
    _said(ELSEWHERE, "told", "called opposed", greater_is_better=False),
    _said(ELSEWHERE, "joined", "joined", greater_is_better=False),
)


def _everything(question: Question) -> Answer:
    asked = question.pairs
    return asked if asked is not None else pd.DataFrame({"text_a": [], "text_b": []})


EVERYTHING = System(
    name="[baseline] everything is the same", answer=_everything, about="Joins every pair."
)
OURS = System(
    name=pairs.OURS.name,
    answer=pairs.link_table,
    about="The link stage with its defaults; pairs of kind opposed are not joined.",
)
SYSTEMS = (OURS, EVERYTHING, pairs.EXACT, pairs.D3LTA, pairs.D3LTA_CENTRED, *PAIR_PEERS)


def _task(
    name: str,
    description: str,
    cases: Callable[[int], Iterator[Case]],
    metrics: tuple[Metric, ...] = METRICS,
) -> Task:
    return Task(
        id=name,
        description=f"{description} Intervals by message.",
        cases=cases,
        judge=judge,
        metrics=metrics,
        baseline=EVERYTHING.name,
        systems=SYSTEMS,
        quick_seeds=range(1),
    )


TASKS = (
    _task(
        "opposed",
        "49 claims, 20 in five languages and 29 in two of seven, with a copy, a paraphrase, a "
        "negation, a debunk and one flipped number or side each. The rules for opposed links were "
        "developed on it: its figures flatter.",
        development,
    ),
    _task(
        "opposed-held-out",
        "42 other claims, each in two of the five languages, committed before the present rules "
        "and not used for them.",
        held_out,
    ),
    *(
        _task(
            name,
            "30 claims, each in two of the five languages, with an update beside the other "
            f"wordings: the {which} numbers of a set committed before the rule that they test. "
            f"{seen}",
            cases,
            WITH_UPDATES,
        )
        for name, which, seen, cases in (
            ("opposed-held-out-2", "even", "Not used to choose a rule.", held_out_2),
            ("opposed-sealed", "odd", "Asked once, after the rules were done.", sealed),
        )
    ),
    _task(
        "opposed-held-out-3",
        "30 further claims, each in two of the five languages, with an update and the same story "
        "about another place beside the other wordings. Written without sight of the word lists, "
        "committed before the rules that it tests.",
        held_out_3,
        WITH_PLACES,
    ),
)
