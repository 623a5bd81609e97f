"""Typed links between texts: near copies, rewordings, translations, and opposition."""

from disinfo.links.link_texts import LinkByMeaning

__all__ = ["LinkByMeaning"]
