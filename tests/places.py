"""Where tests find things."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The reference files developers may have beside the project; a user's machine has none of it.
SHARED = ROOT.parent / "shared"
