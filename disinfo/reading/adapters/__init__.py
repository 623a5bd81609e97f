"""One file a format: how it is recognised, and pure functions from its rows to posts."""
