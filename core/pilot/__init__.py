"""A pilot: trial runs of a few candidates on growing subsets, and what they say about the choice."""
