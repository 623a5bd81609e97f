"""Families of one message, narratives of one story, and broad topics above them."""

from disinfo.narratives.describe import describe, main_narrative, text_table
from disinfo.narratives.group_narratives import GroupByMeaning

__all__ = ["GroupByMeaning", "describe", "main_narrative", "text_table"]
