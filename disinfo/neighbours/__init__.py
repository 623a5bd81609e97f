"""Nearest neighbours among unit vectors."""

from disinfo.neighbours.between import pairs_between
from disinfo.neighbours.exact import Pairs
from disinfo.neighbours.search import pairs_above

__all__ = ["Pairs", "pairs_above", "pairs_between"]
