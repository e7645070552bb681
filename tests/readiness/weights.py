"""Tiny embeddings stored as safetensors, written with numpy alone."""

from __future__ import annotations

import json

import numpy as np

VOCABULARY, WIDTH = 1_200, 64
CHAT, END = 1_100, 1_101  # the rows in question
UNUSED = range(1_120, VOCABULARY)  # reserved tokens, never trained


def trained(seed: int, rows: int = VOCABULARY) -> np.ndarray:
    """Rows as training leaves them: a common direction and norms that vary from token to token."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=WIDTH) * 0.3
    scale = np.exp(rng.normal(size=(rows, 1)) * 0.2)
    return ((common + rng.normal(size=(rows, WIDTH))) * scale).astype(np.float32)


def embedding(seed: int = 0, *, chat: str = "trained", unused: str = "noise") -> np.ndarray:
    """An embedding whose row ``CHAT`` is trained, noise, zero or mean; ``UNUSED`` rows are noise or zero."""
    table = trained(seed)
    rng = np.random.default_rng(seed + 10_000)
    made = {
        "noise": lambda n: rng.normal(size=(n, WIDTH)) * 0.4,
        "zero": lambda n: rng.normal(size=(n, WIDTH)) * 1e-6,
        "mean": lambda n: table[:1_000].mean(axis=0) + rng.normal(size=(n, WIDTH)) * 1e-4,
    }
    if chat != "trained":
        table[CHAT] = made[chat](1)[0]
    table[UNUSED] = made[unused](len(UNUSED))
    return table


def stored(tensors: dict[str, np.ndarray], dtype: str = "F32") -> bytes:
    header, data = {}, b""
    for name, values in tensors.items():
        if dtype == "BF16":
            raw = (values.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()
        else:
            raw = values.astype({"F32": "<f4", "F16": "<f2", "U8": "u1"}[dtype]).tobytes()
        place = [len(data), len(data) + len(raw)]
        header[name] = {"dtype": dtype, "shape": list(values.shape), "data_offsets": place}
        data += raw
    return with_header(header) + data


def with_header(header: object) -> bytes:
    raw = json.dumps(header).encode()
    return len(raw).to_bytes(8, "little") + raw


class Files:
    """A reader of parts of files in memory that counts what it hands out."""

    def __init__(self, **files: bytes) -> None:
        self.files = {name.replace("__", "."): body for name, body in files.items()}
        self.read = 0

    def __call__(self, file: str, start: int, end: int) -> bytes:
        part = self.files[file][start:end]
        self.read += len(part)
        return part

    def length(self, file: str) -> int:
        return len(self.files[file])
