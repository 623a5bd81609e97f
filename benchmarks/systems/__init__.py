"""The systems that are asked: this library, rules of others re-implemented, peers, baselines."""
