"""Scripts that run in a process of their own, bounded in time and memory (:mod:`core.sandbox.child`)."""
