"""Read a ``tokenizer.json`` from standard input and try it on texts that make bad patterns slow.

Run as a script by :mod:`core.tokenizers.trial`, within its limits. Ends with status 0 if the file can be
used; otherwise the last line of standard error says why.
"""

from __future__ import annotations

import sys

import tokenizers

# Runs that make nested repetitions explode: one class of characters, then something that can't match.
_RUNS = ("a", "A", "1", " ", "\n", "-", "é", "中", "aA", "a1", "a ", "1,", "\t ")
_LENGTHS = (30, 400)
_ENDS = ("", "!", "\x00", "a1 ")


def main() -> None:
    tokenizer = tokenizers.Tokenizer.from_buffer(sys.stdin.buffer.read())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    for length in _LENGTHS:
        for run in _RUNS:
            for end in _ENDS:
                tokenizer.encode(run * length + end, add_special_tokens=False)
    tokenizer.encode_batch([str(number) for number in range(1000)], add_special_tokens=False)


if __name__ == "__main__":
    main()
