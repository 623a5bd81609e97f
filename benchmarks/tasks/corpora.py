"""Texts with labels, made into cases: blinded ids, an order that says nothing, common vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from benchmarks.blinding import blind_rows
from benchmarks.datasets import DATASETS
from benchmarks.task import Case, Question
from benchmarks.vectors import embed_texts
from disinfo.simulation import Campaign, Twin, simulate
from disinfo.text.language import identify

# With 2,500 a few seeds plant more than the simulator allows beside ordinary life.
_N_POSTS = 3500
_KINDS = ("copypasta", "reworded", "translated", "link_amplification", "hashtag_flood")


def text_case(name: str, texts: pd.DataFrame, *, with_vectors: bool = True) -> Case:
    """Make a case of labelled texts.

    Parameters
    ----------
    name
        Of the data.
    texts
        text_id, text and label; a missing label means that the text belongs to nothing.
    with_vectors
        Whether to embed the texts.

    Returns
    -------
    Case
        Its truth has text_id, label, language and text_was, the id before blinding.
    """
    kept = texts.dropna(subset=["text"])
    kept = kept[kept["text"].str.strip() != ""].assign(text_was=kept["text_id"])
    blind = blind_rows(kept, "text_id", name)
    seen = blind[["text_id", "text"]]
    vectors = embed_texts(seen["text"].tolist()) if with_vectors else None
    return Case(
        name=name,
        question=Question(table=seen, embeddings=vectors),
        truth=blind[["text_id", "label", "text_was"]].assign(
            language=identify(seen["text"].tolist())
        ),
    )


def d3lta(seed: int) -> Iterator[Case]:
    """Yield the D3lta documents; label = the seed that they vary."""
    del seed
    texts = DATASETS["d3lta_synthetic"].frame("documents.csv")
    renamed = texts.rename(columns={"doc_id": "text_id", "seed_id": "label"})
    yield text_case("d3lta", renamed[["text_id", "text", "label"]])


def checkthat(seed: int) -> Iterator[Case]:
    """Yield fact-checked posts in French and German; label = the claim."""
    del seed
    posts = DATASETS["checkthat25_claimnorm"].frame("posts.csv.gz")
    label = posts["lang"] + posts["claim_id_merged"]
    frame = pd.DataFrame(
        {"text_id": posts.index.astype("str"), "text": posts["post"], "label": label}
    )
    yield text_case("checkthat", frame)


_PHEME = ("pheme_rumours", "posts.csv", {"tweet_id": "text_id", "event": "label"})
_SOCIALED = ("socialed_arabic7", "posts.csv", {"tweet_id": "text_id", "event_id": "label"})
_PERSUASION = (
    "llm_persuasion",
    "all_responses_combined.csv",
    {"response_id": "text_id", "response": "text", "issue_short": "label"},
)


def _labelled(name: str, file: str, columns: dict[str, str]) -> pd.DataFrame:
    table = DATASETS[name].frame(file).rename(columns=columns).dropna(subset=["text_id"])
    return table.drop_duplicates("text_id")[["text_id", "text", "label"]]


def pheme(seed: int) -> Iterator[Case]:
    """Yield rumours of five breaking events; label = the event."""
    del seed
    yield text_case(_PHEME[0], _labelled(*_PHEME))


def socialed(seed: int) -> Iterator[Case]:
    """Yield Arabic posts on seven crises; label = the event."""
    del seed
    yield text_case(_SOCIALED[0], _labelled(*_SOCIALED))


def llm_persuasion(seed: int) -> Iterator[Case]:
    """Yield essays of language models; label = the issue."""
    del seed
    yield text_case(_PERSUASION[0], _labelled(*_PERSUASION))


_EVENTS = {"pheme": _PHEME, "socialed": _SOCIALED, "llm-persuasion": _PERSUASION}


def unseen(name: str) -> Callable[[int], Iterator[Case]]:
    """Return the cases of every second event or issue, by name; the others served development."""

    def cases(seed: int) -> Iterator[Case]:
        del seed
        table = _labelled(*_EVENTS[name])
        kept = sorted(table["label"].dropna().unique())[1::2]
        yield text_case(f"{_EVENTS[name][0]}, unseen", table[table["label"].isin(kept)])

    return cases


def simulated_texts(seed: int, label: str) -> pd.DataFrame:
    """Return the distinct texts of a world with one of its labels, message_id or story_id."""
    world = simulate(
        n_posts=_N_POSTS,
        campaigns=tuple(Campaign(kind=kind, paraphrase=0.8) for kind in _KINDS),  # type: ignore[arg-type]
        twins=(Twin(kind="newswire"), Twin(kind="protest")),
        seed=seed,
    )
    posts = world.posts.merge(world.truth_posts, on="post_id")
    posts = posts[posts["repost_of"].isna()].drop_duplicates("text")
    return posts.rename(columns={"post_id": "text_id"}).assign(label=posts[label])[
        ["text_id", "text", "label"]
    ]


def simulated_messages(seed: int) -> Iterator[Case]:
    """Yield the posts of a simulated election; label = the message that they word."""
    yield text_case(f"world {seed}", simulated_texts(seed, "message_id"))


def simulated_stories(seed: int) -> Iterator[Case]:
    """Yield the posts of a simulated election; label = the story that they tell."""
    yield text_case(f"world {seed}", simulated_texts(seed, "story_id"))
