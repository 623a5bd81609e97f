"""Residue of a language model in a post: refusals, left-over prompts, openings of answers.

Each pattern is a fixed phrase with at most one short gap, so that a text is read in linear time.
The list is short: a phrase that people also write about their own work is not on it. People quote
these phrases to mock them; a find is a reason to read the post.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MAX_CHARACTERS = 5000
# A gap of a few words, as in "as an AI (language) model".
_GAP = r"[^.!?\n]{0,30}?"
_APOSTROPHE = "['’]"

_PHRASES: dict[str, tuple[str, ...]] = {
    "self": (
        r"as an? (?:ai|artificial intelligence)(?: language)? (?:model|assistant)",
        r"as a large language model",
        rf"i{_APOSTROPHE}?m (?:just )?an? ai (?:language model|assistant)",
        r"jako (?:duży )?model językowy",
        r"jako sztuczna inteligencja",
        r"als (?:ki-|großes )?sprachmodell",
        r"als künstliche intelligenz (?:kann|darf|habe) ich",
        r"як (?:велика )?мовна модель",
        r"як (?:модель )?штучн(?:ий|ого) інтелект(?:у)?,? я",
        r"как (?:большая )?языковая модель",
        r"как (?:модель )?искусственн(?:ый|ого) интеллект(?:а)?,? я",
        r"en tant que modèle de langage",
        r"en tant qu['’]intelligence artificielle",
        r"como modelo de lenguaje",
        r"come modello linguistico",
        r"como modelo de linguagem",
        r"bir yapay zek[aâ] (?:dil )?modeli olarak",
    ),
    "refusal": (
        rf"i(?:{_APOSTROPHE}m sorry| apologi[sz]e),? but i "
        rf"(?:cannot|can{_APOSTROPHE}t|am unable to) "
        r"(?:assist|help|fulfil?l|generate|create|provide|comply|write|rewrite|engage|produce)",
        rf"i (?:cannot|can{_APOSTROPHE}t) (?:fulfil?l|assist with|comply with) "
        r"(?:this|that|your) request",
        r"(?:goes|go) against (?:my|openai)[^.!?\n]{0,20} (?:guidelines|policy|policies)",
        r"przepraszam, ale nie mogę (?:spełnić|pomóc|wygenerować)",
        r"es tut mir leid, aber ich kann (?:diese|dabei|ihnen dabei)",
        r"вибачте, але я не можу (?:виконати|допомогти|створити)",
        r"извините, но я не могу (?:выполнить|помочь|создать)",
        r"je suis désolée?, mais je ne peux pas (?:répondre|satisfaire|générer)",
        r"lo siento, pero no puedo (?:cumplir|ayudar|generar)",
    ),
    "prompt": (
        r"(?:here(?:'s| is| are)|below (?:is|are))" + _GAP
        + r"(?:rewritten|rephrased|paraphrased) (?:version|tweet|post|text)",
        r"sure[,!] here(?:'s| is| are)" + _GAP + r"(?:tweet|post|version|caption|comment)s?",
        r"(?:rewrite|paraphrase|rephrase) the following (?:text|tweet|post|message)",
        r"oto (?:przeredagowana|przepisana|sparafrazowana) wersja",
        r"hier ist (?:die|eine) (?:umformulierte|überarbeitete) (?:version|fassung)",
        r"ось (?:перефразован(?:ий|а)|переписан(?:ий|а)) (?:текст|версія|допис)",
        r"вот (?:перефразированн(?:ый|ая)|переписанн(?:ый|ая)) (?:текст|версия|пост)",
        r"my knowledge cut-?off",
        r"as of my last (?:knowledge )?update",
    ),
    "template": (
        r"\[(?:insert|your|add) [a-z ]{2,30}\]",
        r"\{\{ ?[a-z_]{2,30} ?\}\}",
        r"<\|(?:im_start|im_end|endoftext|assistant)\|>",
    ),
}  # fmt: skip
_PATTERN = re.compile(
    "|".join(f"(?P<{kind}>{'|'.join(phrases)})" for kind, phrases in _PHRASES.items()),
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Residue:
    """What was found in a post.

    Parameters
    ----------
    kind
        ``self``, ``refusal``, ``prompt`` or ``template``.
    phrase
        The words as they stand there.
    """

    kind: str
    phrase: str


def find_residue(text: str) -> Residue | None:
    """Return the first residue of a language model in a text.

    Parameters
    ----------
    text
        A post; its first 5,000 characters are read.

    Returns
    -------
    Residue or None
        None in nearly all posts, machine-written ones included.

    Examples
    --------
    >>> find_residue("As an AI language model, I cannot take sides. #vote").phrase
    'As an AI language model'
    >>> find_residue("Language models are overrated") is None
    True
    """
    found = _PATTERN.search(text[:_MAX_CHARACTERS])
    if found is None:
        return None
    return Residue(kind=str(found.lastgroup), phrase=found.group())
