"""Two workspaces as one: what two tabs of one browser added before either knew of the other."""

from __future__ import annotations

import json
from typing import Any, Final

from core.workspace.contents import Workspace, from_bytes

# What makes two entries the same one; of other lists the whole entry.
_KNOWN_BY: Final = {"batches": "name", "models": "repo_id", "entered": "model_id"}


def merged(one: Workspace, other: Workspace) -> Workspace:
    """Everything of both; of what both have, ``other`` speaks.

    Raises:
        InvalidInputError: together more than a workspace holds.
    """
    first, second = (json.loads(workspace.to_bytes()) for workspace in (one, other))
    for key, theirs in second.items():
        mine = first.get(key)
        if isinstance(mine, dict):
            first[key] = mine | theirs
        elif isinstance(mine, list):
            held = {_name(key, entry) for entry in theirs}
            first[key] = [entry for entry in mine if _name(key, entry) not in held] + theirs
        else:
            first[key] = theirs
    return from_bytes(json.dumps(first).encode())


def _name(key: str, entry: Any) -> str:
    by = _KNOWN_BY.get(key)
    return str(entry[by]) if by else json.dumps(entry, sort_keys=True)
