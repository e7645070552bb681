"""Scripts that :func:`core.sandbox.child.run_child` runs: they import nothing of the app."""
