"""Run a notebook from start to end: run_notebook.py IN OUT. Fails with the failing cell's error."""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(
    notebook,
    timeout=600,
    kernel_name="python3",
    resources={"metadata": {"path": str(Path(sys.argv[2]).parent)}},
).execute()
nbformat.write(notebook, sys.argv[2])
