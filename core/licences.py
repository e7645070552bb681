"""What the licences of the board and the catalogue allow, as far as their identifiers tell.

A reading aid, not legal advice: the licence text in the model's repository decides. Read in November 2026.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence identifier of the Hub.

    Attributes:
        commercial: whether commercial use is allowed; None where the identifier doesn't tell.
        share_alike: whether what is derived must carry the same licence.
        use_terms: whether use is bound by terms (a use policy, a name, a size of company).
        note: the conditions worth knowing, in a sentence.
    """

    key: str
    name: str
    commercial: bool | None
    share_alike: bool
    use_terms: bool
    note: str
    link: str = ""

    @property
    def permissive(self) -> bool:
        return self.commercial is True and not self.share_alike and not self.use_terms


_SAME = "What is derived and passed on carries the same licence."
_CHANGED = "Changed files that are passed on carry the same licence."
_SERVED = "What is derived carries the same licence, when served over a network too."
_CREDIT = "Keep the notices and name the authors."
_RAIL = "Commercial use allowed; the list of uses that are ruled out must be passed on."
_LLAMA = (
    "Commercial use allowed below 700 million monthly users; a use policy applies, what is derived carries "
    "“Llama” at the start of its name and the notice “Built with Llama”."
)
_NVIDIA = "https://www.nvidia.com/en-us/agreements/enterprise-software"
_LLAMA_OLD = "Commercial use allowed below 700 million monthly users; a use policy applies"


# The Hub's documented identifiers (https://huggingface.co/docs/hub/repositories-licenses), by kind.
_PERMISSIVE: Final = {
    "afl-3.0": "Academic Free License 3.0",
    "artistic-2.0": "Artistic License 2.0",
    "bsd": "BSD (family)",
    "bsd-2-clause": "BSD 2-Clause",
    "bsd-3-clause": "BSD 3-Clause",
    "bsd-3-clause-clear": "BSD 3-Clause Clear",
    "cdla-permissive-1.0": "CDLA Permissive 1.0",
    "cdla-permissive-2.0": "CDLA Permissive 2.0",
    "ecl-2.0": "Educational Community License 2.0",
    "etalab-2.0": "Etalab Open License 2.0",
    "isc": "ISC",
    "ncsa": "Illinois/NCSA Open Source License",
    "odc-by": "ODC Attribution",
    "openmdw-1.0": "OpenMDW 1.0",
    "postgresql": "PostgreSQL License",
    "zlib": "zlib",
}
_PUBLIC_DOMAIN: Final = {
    "cc0-1.0": "CC0 1.0", "pddl": "ODC Public Domain Dedication", "unlicense": "Unlicense", "wtfpl": "WTFPL",
}  # fmt: skip
_SHARE_ALIKE: Final = {
    "cdla-sharing-1.0": "CDLA Sharing 1.0",
    "gfdl": "GNU FDL (family)",
    "gpl": "GPL (family)",
    "gpl-2.0": "GPL 2.0",
    "lgpl-lr": "LGPL for Linguistic Resources",
    "ms-pl": "Microsoft Public License",
    "odbl": "Open Database License",
    "ofl-1.1": "SIL Open Font License 1.1",
}
_CHANGED_FILES: Final = {
    "epl-1.0": "Eclipse Public License 1.0",
    "epl-2.0": "Eclipse Public License 2.0",
    "lgpl": "LGPL (family)",
    "lgpl-2.1": "LGPL 2.1",
    "lgpl-3.0": "LGPL 3.0",
    "mpl-2.0": "Mozilla Public License 2.0",
}
_SERVED_TOO: Final = {
    "agpl-3.0": "AGPL 3.0",
    "eupl-1.1": "European Union Public License 1.1",
    "eupl-1.2": "European Union Public License 1.2",
    "osl-3.0": "Open Software License 3.0",
}
_RAILS: Final = {
    "bigcode-openrail-m": "BigCode Open RAIL-M",
    "bigscience-bloom-rail-1.0": "BigScience BLOOM RAIL 1.0",
    "bigscience-openrail-m": "BigScience Open RAIL-M",
    "creativeml-openrail-m": "CreativeML Open RAIL-M",
    "openrail": "Open RAIL",
    "openrail++": "Open RAIL++-M",
}
_RESEARCH: Final = {
    "apple-amlr": "Apple Machine Learning Research Model License",
    "deepfloyd-if-license": "DeepFloyd IF Research License",
    "exaone": "EXAONE AI Model License (NC)",
    "fair-noncommercial-research-license": "FAIR Noncommercial Research License",
    "h-research": "H Research License",
    "intel-research": "Intel Research Use License",
}
_UNCLEAR: Final = {
    "apple-ascl": "Apple Sample Code License",
    "c-uda": "Computational Use of Data Agreement",
    "cc": "Creative Commons (family)",
    "grok2-community": "Grok 2 Community License",
}
_CREATIVE_COMMONS: Final = (
    "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-2.0",
    "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nd-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0",
    "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0",
)  # fmt: skip
_CC_PARTS: Final = re.compile(r"cc-by(?P<nc>-nc)?(?:(?P<nd>-nd)|(?P<sa>-sa))?-(?P<version>\d\.\d)")


def _family(
    commercial: bool | None,
    share_alike: bool,
    note: str,
    named: Mapping[str, str],
    *,
    use_terms: bool = False,
) -> list[Licence]:
    return [Licence(key, name, commercial, share_alike, use_terms, note) for key, name in named.items()]


def _creative_commons(key: str) -> Licence | None:
    """The licence that its parts make: nc forbids commerce, nd what is derived, sa asks for the same."""
    found = _CC_PARTS.fullmatch(key)
    if found is None:
        return None
    kind = key.removeprefix("cc-").removesuffix(f"-{found['version']}")
    # As it stands it may be used for commerce, but what is tuned can't be sold.
    commercial = False if found["nc"] else None if found["nd"] else True
    notes = ["No commercial use."] if found["nc"] else []
    if found["nd"]:
        notes.append("Nothing derived may be passed on: a fine-tune can't be shared.")
    elif found["sa"] or not found["nc"]:
        notes.append(_SAME if found["sa"] else _CREDIT)
    link = f"https://creativecommons.org/licenses/{kind}/{found['version']}/"
    return Licence(
        key,
        f"CC {kind.upper()} {found['version']}",
        commercial,
        bool(found["sa"]),
        bool(found["nd"]),
        " ".join(notes),
        link,
    )


def _llama(version: str, note: str) -> Licence:
    key = f"llama{version}"
    link = f"https://www.llama.com/llama{version.replace('.', '_')}/license/"
    return Licence(key, f"Llama {version} Community License", True, False, True, note, link)


LICENCES: Final = {
    licence.key: licence
    for licence in (
        Licence("apache-2.0", "Apache 2.0", True, False, False, "Keep the notices; patents are licensed too.",
                "https://www.apache.org/licenses/LICENSE-2.0"),
        Licence("mit", "MIT", True, False, False, "Keep the notice.", "https://opensource.org/license/mit"),
        *_family(True, False, _CREDIT, _PERMISSIVE),
        *_family(True, False, "No conditions.", _PUBLIC_DOMAIN),
        *_family(True, True, _SAME, _SHARE_ALIKE),
        Licence("gpl-3.0", "GPL 3.0", True, True, False, _SAME,
                "https://www.gnu.org/licenses/gpl-3.0.html"),
        *_family(True, True, _CHANGED, _CHANGED_FILES),
        *_family(True, True, _SERVED, _SERVED_TOO),
        *filter(None, map(_creative_commons, _CREATIVE_COMMONS)),
        _llama("2", f"{_LLAMA_OLD}; its output may not improve other language models."),
        _llama("3", f"{_LLAMA_OLD}; its output may not improve other language models, and what is derived "
               "carries “Llama 3” at the start of its name."),
        _llama("3.1", _LLAMA), _llama("3.2", _LLAMA), _llama("3.3", _LLAMA),
        _llama("4", f"{_LLAMA} No rights to its multimodal models for who is based in the EU."),
        Licence("gemma", "Gemma Terms of Use", True, False, True,
                "Commercial use allowed; the use policy must be passed on to whoever gets the model.",
                "https://ai.google.dev/gemma/terms"),
        *_family(True, False, _RAIL, _RAILS, use_terms=True),
        *_family(False, False, "No commercial use; research only.", _RESEARCH, use_terms=True),
        *_family(None, False, "Its terms differ by case: read the licence in the repository.", _UNCLEAR,
                 use_terms=True),
        Licence("bsl-1.0", "Boost Software License 1.0", True, False, False,
                "Keep the notices where the source is passed on."),
        Licence("lppl-1.3c", "LaTeX Project Public License 1.3c", True, False, True,
                "Commercial use allowed; what is derived must say that it was changed."),
        Licence("openmdw-1.1", "OpenMDW 1.1", True, False, False,
                "Any use; pass the licence and its notices on. Rights end for who sues over the model.",
                "https://openmdw.ai"),
        Licence("modified-mit", "Modified MIT (Kimi K2)", True, False, True,
                "MIT; above 100 million monthly users or 20 million USD of monthly revenue a product must "
                "show the model's name.", "https://huggingface.co/moonshotai/Kimi-K2-Base/blob/main/LICENSE"),
        Licence("deepseek", "DeepSeek Model Agreement", True, False, True, _RAIL,
                "https://github.com/deepseek-ai/DeepSeek-V3/blob/main/LICENSE-MODEL"),
        Licence("falcon-llm-license", "Falcon LLM License", True, False, True,
                "Apache 2.0 with changes; commercial use allowed, an acceptable use policy applies and the "
                "origin must be named.", "https://falconllm.tii.ae/falcon-terms-and-conditions.html"),
        Licence("tencent-hunyuan-community", "Tencent Hunyuan Community License", True, False, True,
                "Not for the EU, the UK and South Korea. Elsewhere commercial use is allowed below 100 "
                "million monthly users; a use policy applies."),
        Licence("nvidia-open-model-license", "NVIDIA Open Model License", True, False, True,
                "Commercial use and derivatives allowed with attribution; rights end where guardrails are "
                "removed without a substitute.", f"{_NVIDIA}/nvidia-open-model-license/"),
        Licence("nvidia-nemotron-open-model-license", "NVIDIA Nemotron Open Model License", True, False, True,
                "Commercial use and derivatives allowed; a notice that NVIDIA licensed it goes along.",
                f"{_NVIDIA}/nvidia-nemotron-open-model-license/"),
        Licence("nvidia-internal-scientific-research-and-development-model-license",
                "NVIDIA Internal Scientific Research and Development Model License", False, False, True,
                "Internal research only: no production use, and neither the model nor a derivative may be "
                "passed on.",
                f"{_NVIDIA}/nvidia-internal-scientific-research-and-development-model-license/"),
        Licence("lfm1.0", "LFM Open License 1.0", None, False, True,
                "Commercial use is free below 10 million USD of yearly revenue only, derivatives included.",
                "https://docs.liquid.ai/lfm/getting-started/model-license"),
        Licence("plamo-community-license", "PLaMo Community License", None, False, True,
                "Commercial use is free below a billion yen of yearly revenue only, and asks for "
                "registration; what is derived carries “Built with PLaMo”.",
                "https://www.preferred.jp/ja/plamo-community-license/"),
        Licence("kanana", "Kanana License", None, False, True,
                "Commercial use is bound to conditions, and some of it needs an agreement with Kakao; "
                "products show “Powered by Kanana”."),
        Licence("k-exaone", "K-EXAONE AI Model License", True, False, True,
                "Commercial use allowed; passing it or a derivative on for commerce needs an agreement, and "
                "a derivative's name begins with “K-EXAONE”.",
                "https://huggingface.co/LGAI-EXAONE/K-EXAONE-236B-A23B/blob/main/LICENSE"),
        Licence("research-only", "research only", False, False, True,
                "The publisher offers it for research; no commercial use."),
        Licence("other", "the publisher's own licence", None, False, True,
                "The publisher's own terms: read the licence in the repository."),
    )
}  # fmt: skip
UNKNOWN: Final = Licence(
    "unknown", "not stated", None, False, False, "The board states no licence: look it up."
)

# Publishers whose base models ask for a consent form on the Hub before download. Others may do so too: the
# hand-off notebook asks the Hub at the revision it loads.
_GATED: Final = {"meta-llama": "", "google": "gemma", "bigcode": ""}

# A stated judgement on a scale of 0 to 1, not a measurement.
FREEDOM: Final = {"permissive": 1.0, "terms": 0.7, "share_alike": 0.5, "non_commercial": 0.0}


def by_key(key: object) -> Licence:
    """The licence of an identifier; :data:`UNKNOWN` where none is stated, "other" where it isn't listed.

    >>> by_key("apache-2.0").permissive
    True
    """
    if not isinstance(key, str) or not key or key.lower() in {"unknown", "na", "nan"}:
        return UNKNOWN
    key = key.lower()
    return LICENCES.get(key) or _creative_commons(key) or LICENCES["other"]


def freedom(licence: Licence) -> float | None:
    """How free its user is, 0 to 1 (:data:`FREEDOM`); None where the identifier doesn't tell."""
    if licence.commercial is None:
        return None
    if not licence.commercial:
        return FREEDOM["non_commercial"]
    if licence.share_alike:
        return FREEDOM["share_alike"]
    return FREEDOM["terms" if licence.use_terms else "permissive"]


def gated(model_ids: Iterable[str]) -> pd.Series:
    """Whether each repository is known to ask for consent: True, or NA where it isn't known."""
    known = [_known_gated(model_id) or pd.NA for model_id in model_ids]
    return pd.Series(known, dtype="boolean")


def _known_gated(model_id: str) -> bool:
    publisher, _, name = model_id.partition("/")
    return publisher in _GATED and name.lower().startswith(_GATED[publisher])
