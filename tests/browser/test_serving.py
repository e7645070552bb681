"""What serving/serve.py adds to Streamlit's own server, over plain HTTP."""

from __future__ import annotations

import gzip
import re
import urllib.request

import pytest

pytestmark = pytest.mark.browser


def fetch(url: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    request = urllib.request.Request(url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def test_scripts_go_out_compressed_and_to_be_kept(app_url: str) -> None:
    page, _ = fetch(app_url)
    script = re.search(rb"static/js/index\.[\w-]+\.js", page)
    assert script is not None
    address = f"{app_url}/{script[0].decode()}"
    packed, headers = fetch(address, Accept_Encoding="gzip")
    plain, _ = fetch(address)
    assert headers["content-encoding"] == "gzip"
    assert "immutable" in headers["cache-control"]
    assert gzip.decompress(packed) == plain
