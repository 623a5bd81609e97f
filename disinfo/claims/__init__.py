"""Known claims: reading them, and finding the texts and narratives that repeat or oppose them."""

from disinfo.claims.matching import ClaimMatches, match_claims
from disinfo.claims.source import read_claims

__all__ = ["ClaimMatches", "match_claims", "read_claims"]
