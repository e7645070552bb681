"""Where a source can be opened: sources are written as people cite them."""

from __future__ import annotations

import re
from typing import Final

_URL: Final = re.compile(r"https?://([\w.-]{1,100})(?=[/?#\s.,;]|$)[^\s<>\"'`|\\^{}\[\]();]{0,300}")
_ARXIV: Final = re.compile(r"\barXiv[ :](\d{4}\.\d{4,5})\b")
_CARD: Final = re.compile(r"\bmodel card ([\w.-]{1,96}/[\w.-]{1,96})")
# owner/name path @commit, as code and documents are cited.
_PINNED: Final = re.compile(r"([\w.-]{1,96}/[\w.-]{1,96})[ :]([\w./-]{1,200}) ?@([0-9a-f]{7,40})\b")
_FILE: Final = re.compile(
    r"(?<![\w./-])([\w.-]{1,96}/[\w.-]{1,96})[ :]([\w./-]{1,200}\.(?:md|py|json|csv|pdf|html|png|toml))\b"
)
_TALK: Final = re.compile(r"([\w.-]{1,96}/[\w.-]{1,96}/discussions(?:/\d{1,6})?)$")


# Publishers' and authors' own places. Copies elsewhere are named in words, but nobody is sent there.
_HOSTS: Final = (
    "apache.org", "arxiv.org", "creativecommons.org", "doi.org", "docs.liquid.ai", "github.com",
    "github.io", "google.dev", "huggingface.co", "llama.com", "nvidia.com", "openmdw.ai", "opensource.org",
    "openreview.net", "preferred.jp", "thinkingmachines.ai", "tii.ae", "unsloth.ai",
)  # fmt: skip


def link_of(source: str) -> str | None:
    """The address a source names, https only and of a known host; None where its words name none.

    >>> link_of("arXiv 2509.14233, read in a transcription")
    'https://arxiv.org/abs/2509.14233'
    >>> link_of("AI-Hypercomputer/maxtext src/maxtext/configs/models @e591f30c")
    'https://github.com/AI-Hypercomputer/maxtext/tree/e591f30c/src/maxtext/configs/models'
    """
    text = source[:2_000]
    for url in _URL.finditer(text):
        if any(f".{url[1].lower()}".endswith(f".{host}") for host in _HOSTS):
            return url[0].rstrip(".,:").replace("http://", "https://", 1)
    if found := _ARXIV.search(text):
        return f"https://arxiv.org/abs/{found[1]}"
    if found := _CARD.search(text):
        return f"https://huggingface.co/{found[1]}"
    if found := _PINNED.search(text):
        return f"https://github.com/{found[1]}/tree/{found[3]}/{found[2]}"
    if found := _FILE.search(text):
        return f"https://github.com/{found[1]}"  # paths are abbreviated now and then
    if found := _TALK.match(text):
        return f"https://huggingface.co/{found[1]}"
    return None
