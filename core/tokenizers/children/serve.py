"""Hold tokenizers and answer questions about them, one at a time, until standard input ends.

Run as a script by :mod:`core.tokenizers.workers`. Questions and answers are msgpack, each behind its length
in four bytes. Before each question this process limits the CPU time and the memory it may still take; passing
one, an abort or a panic of the library ends it, and the app takes a new one.
"""

from __future__ import annotations

import math
import struct
import sys
from array import array
from collections import OrderedDict
from itertools import chain
from typing import Any

import msgspec
import tokenizers

_MARKS = ('"ByteLevel"', '"Metaspace"', '"ByteFallback"', "▁")
_OUT = sys.stdout.buffer
_PAGE = 4096


def main() -> None:
    held: OrderedDict[str, Any] = OrderedDict()
    keep = int(sys.argv[1])
    while len(head := sys.stdin.buffer.read(4)) == 4:
        asked = msgspec.msgpack.decode(sys.stdin.buffer.read(struct.unpack("<I", head)[0]))
        _limit(asked["cpu_seconds"], asked["memory"])
        try:
            answer = _answer(asked, held, keep)
        except MemoryError:
            sys.exit(1)
        except Exception as error:  # noqa: BLE001 - the library raises nothing narrower
            answer = {"error": str(error)[:300] or type(error).__name__}
        body = msgspec.msgpack.encode(answer)
        if len(body) > asked["max_answer"]:
            body = msgspec.msgpack.encode({"too_much": True})
        _OUT.write(struct.pack("<I", len(body)) + body)
        _OUT.flush()


def _answer(asked: dict[str, Any], held: OrderedDict[str, Any], keep: int) -> dict[str, Any]:
    key = asked["key"]
    if asked["raw"]:
        made = tokenizers.Tokenizer.from_buffer(asked["raw"])
        made.no_truncation()
        made.no_padding()
        if getattr(made.model, "dropout", None):
            # For training: with it the same text is cut in another way each time.
            made.model.dropout = None
        held[key] = made
        while len(held) > keep:
            held.popitem(last=False)
    elif key not in held:
        return {"missing": True}
    held.move_to_end(key)
    return _ACTIONS[asked["action"]](held[key], asked)


def _encode(tokenizer: Any, asked: dict[str, Any]) -> dict[str, Any]:
    found = [one.ids for one in tokenizer.encode_batch_fast(asked["texts"], add_special_tokens=False)]
    lengths = array("I", map(len, found)).tobytes()
    if asked["only_lengths"]:
        return {"lengths": lengths}
    if 4 * sum(map(len, found)) > asked["max_answer"]:
        return {"too_much": True}
    return {"lengths": lengths, "ids": array("I", chain.from_iterable(found)).tobytes()}


def _detail(tokenizer: Any, asked: dict[str, Any]) -> dict[str, Any]:
    found = tokenizer.encode(asked["texts"][0], add_special_tokens=False)
    if 12 * len(found) > asked["max_answer"]:
        return {"too_much": True}
    offsets = array("I", chain.from_iterable(found.offsets)).tobytes()
    return {"ids": array("I", found.ids).tobytes(), "offsets": offsets}


def _decode(tokenizer: Any, asked: dict[str, Any]) -> dict[str, Any]:
    return {"text": tokenizer.decode(asked["ids"], skip_special_tokens=False)}


def _tokens(tokenizer: Any, asked: dict[str, Any]) -> dict[str, Any]:
    return {"tokens": [tokenizer.id_to_token(index) for index in asked["ids"]]}


def _vocabulary(tokenizer: Any, _: dict[str, Any]) -> dict[str, Any]:
    return {"tokens": list(tokenizer.get_vocab(with_added_tokens=False))}


def _normalize(tokenizer: Any, asked: dict[str, Any]) -> dict[str, Any]:
    normalizer = tokenizer.normalizer
    text = asked["texts"][0]
    return {"text": text if normalizer is None else normalizer.normalize_str(text)}


def _card(tokenizer: Any, _: dict[str, Any]) -> dict[str, Any]:
    model = tokenizer.model
    parts = (tokenizer.normalizer, tokenizer.pre_tokenizer, tokenizer.decoder)
    return {
        "card": {
            "vocab_size": tokenizer.get_vocab_size(with_added_tokens=True),
            "special": tokenizer.num_special_tokens_to_add(is_pair=False),
            "added": {index: token.content for index, token in tokenizer.get_added_tokens_decoder().items()},
            "states": [" ".join(mark for mark in _MARKS if mark in _state(part)) for part in parts],
            "byte_fallback": bool(getattr(model, "byte_fallback", False)),
            "continuing_prefix": str(getattr(model, "continuing_subword_prefix", None) or ""),
            "end_of_word": str(getattr(model, "end_of_word_suffix", None) or ""),
        }
    }


def _state(part: Any) -> str:
    return "" if part is None else part.__getstate__().decode("utf-8", "replace")


_ACTIONS = {
    "encode": _encode, "detail": _detail, "decode": _decode, "tokens": _tokens,
    "vocabulary": _vocabulary, "normalize": _normalize, "card": _card,
}  # fmt: skip


def _limit(cpu_seconds: int, memory: int) -> None:
    """From what has been used up to now; not on Windows."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = math.ceil(used.ru_utime + used.ru_stime + cpu_seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.RLIM_INFINITY))
    try:
        with open("/proc/self/statm") as sizes:  # noqa: PTH123 - nothing more is imported for it
            pages = int(sizes.read().split()[0])
    except OSError:
        return  # no such file on this system: the limit of the whole process holds
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (min(pages * _PAGE + memory, most), most))


if __name__ == "__main__":
    main()
