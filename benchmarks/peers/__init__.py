"""Other projects' tools, each in an environment of its own, run as a separate process."""
