"""What a browser is told to refuse for our pages: scripts and frames of others, guesses at a file's kind.

Sent by ``secure``. ``BASEWISE_FRAME_ANCESTORS`` names, separated by spaces, the sites that may show the app
in a frame of theirs, such as ``https://huggingface.co`` for a Space; by default none but its own.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit
from secure import Secure
from secure.headers import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    XContentTypeOptions,
)

from serving.page_head import SERVER_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator

_SELF, _INLINE = "'self'", "'unsafe-inline'"
_PAGE: Final = Path(streamlit.__file__).parent / "static" / "index.html"
_SCRIPT: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
# https://host, with or without port and wildcard: nothing that ends a directive.
_SITE: Final = re.compile(r"https?://[A-Za-z0-9*.-]{1,200}(:\d{1,5})?")
_log = logging.getLogger(__name__)


def protection() -> Secure:
    """The headers; inline styles are let be, of inline scripts only those of the page itself."""
    policy = (
        ContentSecurityPolicy()
        .default_src(_SELF)
        # Components and the workers of charts come as blobs, which only a script of ours can make.
        .script_src(_SELF, "blob:", *_own_scripts())
        .worker_src(_SELF, "blob:")
        .style_src(_SELF, _INLINE)
        .img_src(_SELF, "data:", "blob:")
        .font_src(_SELF, "data:")
        .connect_src(_SELF)
        .object_src("'none'")
        .base_uri(_SELF)
        .form_action(_SELF)
        .frame_ancestors(_SELF, *_sites())
    )
    return Secure(
        csp=policy,
        referrer=ReferrerPolicy().same_origin(),
        permissions=PermissionsPolicy().camera().microphone().geolocation(),
        coop=CrossOriginOpenerPolicy().same_origin_allow_popups(),
        xcto=XContentTypeOptions().nosniff(),
    )


def _own_scripts() -> Iterator[str]:
    """Hashes of the inline scripts of the page; without Streamlit's file, inline scripts are let be."""
    try:
        found = _SCRIPT.findall(_PAGE.read_bytes())
    except OSError:
        _log.warning("Streamlit's page was not found: the policy lets inline scripts be.")
        yield _INLINE
        return
    for script in [*found, SERVER_ADDRESS]:
        yield f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"


def _sites() -> Iterator[str]:
    for site in os.environ.get("BASEWISE_FRAME_ANCESTORS", "").split():
        if _SITE.fullmatch(site):
            yield site
        else:
            _log.warning("BASEWISE_FRAME_ANCESTORS holds what is no site; it is left out.")
