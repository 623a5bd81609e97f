"""Posts in the making, and their truth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Draft:
    """One post before it has an id.

    Parameters
    ----------
    account
        Row of the author in the cast.
    time
        Seconds since the start of the world.
    text
        The text, without the address it links to and without tags.
    language
        Language code of the text.
    topic
        What it is about.
    url
        Address it links to.
    tags
        Hashtags without ``#``.
    mention
        Row of the account it mentions, or -1.
    target
        The draft that it reposts or answers.
    repost
        Whether it is a repost of `target`; otherwise an answer.
    media
        Hash of an attached picture.
    group
        Number of the planted group that it acts for, or -1.
    message
        Name of the message that it states.
    story
        Name of the story that it belongs to.
    opposes
        Name of the message that it refutes.
    number
        Its place in the shuffled order that ids are made from.
    given_id
        Id of a post that was not written here but given as background; None otherwise.
    """

    account: int
    time: int
    text: str
    language: str
    topic: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    mention: int = -1
    target: Draft | None = None
    repost: bool = False
    media: str | None = None
    group: int = -1
    message: str | None = None
    story: str | None = None
    opposes: str | None = None
    number: int = -1
    given_id: str | None = None

    @property
    def length(self) -> int:
        """Letters of the post with its tags and address, without the person answered."""
        return len(self.text) + sum(len(tag) + 2 for tag in self.tags) + len(self.url or "")
