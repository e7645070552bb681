"""Split the merges of an older ``tokenizer.json``, written as one string each, where a token holds a space.

Reads the file from standard input and writes it with its merges as pairs. A merge that the vocabulary lets be
read in two ways, or in none, ends this with status 3. Run by :mod:`core.tokenizers.conversion`.
"""

from __future__ import annotations

import json
import sys

_REFUSED = 3


def main() -> None:
    file = json.loads(sys.stdin.buffer.read())
    model = file["model"]
    vocabulary = model["vocab"]
    pairs = []
    for merge in model["merges"]:
        cuts = [at for at, character in enumerate(merge) if character == " "]
        found = [
            (merge[:at], merge[at + 1 :])
            for at in cuts
            if merge[:at] in vocabulary
            and merge[at + 1 :] in vocabulary
            and merge[:at] + merge[at + 1 :] in vocabulary
        ]
        if len(found) != 1:
            sys.exit(_REFUSED)
        pairs += found
    model["merges"] = pairs
    sys.stdout.write(json.dumps(file, ensure_ascii=False))


if __name__ == "__main__":
    main()
