"""Scripts for :func:`core.sandbox.child.run_child`: of the app they import at most the reader of numbers."""
