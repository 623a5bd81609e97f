"""Families of one message, narratives of one story, and broad topics above them."""

from disinfo.narratives.bursts import find_bursts
from disinfo.narratives.describe import describe, main_narrative, text_table, words_of
from disinfo.narratives.describe_growth import describe_growth
from disinfo.narratives.group_narratives import GroupByMeaning
from disinfo.narratives.grown_marks import MarksBeside, marks_beside
from disinfo.narratives.growth import Growth, grow
from disinfo.narratives.relabel import relabel
from disinfo.narratives.standing import Floors, Standing, units

__all__ = [
    "Floors",
    "GroupByMeaning",
    "Growth",
    "MarksBeside",
    "Standing",
    "describe",
    "describe_growth",
    "find_bursts",
    "grow",
    "main_narrative",
    "marks_beside",
    "relabel",
    "text_table",
    "units",
    "words_of",
]
