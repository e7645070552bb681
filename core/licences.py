"""What the licences of the board and the catalogue allow, as far as their identifiers tell.

A reading aid, not legal advice: the licence text in the model's repository decides. Read in November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable


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
_CREDIT = "Keep the notices and name the authors."
_RAIL = "Commercial use allowed; the list of uses that are ruled out must be passed on."
_LLAMA = (
    "Commercial use allowed below 700 million monthly users; a use policy applies, what is derived carries "
    "“Llama” at the start of its name and the notice “Built with Llama”."
)
_NVIDIA = "https://www.nvidia.com/en-us/agreements/enterprise-software"
_LLAMA_OLD = "Commercial use allowed below 700 million monthly users; a use policy applies"


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
        Licence("bsd-3-clause-clear", "BSD 3-Clause Clear", True, False, False, "Keep the notice."),
        Licence("afl-3.0", "Academic Free License 3.0", True, False, False, _CREDIT),
        Licence("wtfpl", "WTFPL", True, False, False, "No conditions."),
        Licence("cc-by-4.0", "CC BY 4.0", True, False, False, _CREDIT,
                "https://creativecommons.org/licenses/by/4.0/"),
        Licence("cc-by-sa-4.0", "CC BY-SA 4.0", True, True, False, _SAME,
                "https://creativecommons.org/licenses/by-sa/4.0/"),
        Licence("gpl-3.0", "GPL 3.0", True, True, False, _SAME,
                "https://www.gnu.org/licenses/gpl-3.0.html"),
        Licence("osl-3.0", "Open Software License 3.0", True, True, False,
                "What is derived carries the same licence, when served over a network too."),
        Licence("cc-by-nc-4.0", "CC BY-NC 4.0", False, False, False, "No commercial use.",
                "https://creativecommons.org/licenses/by-nc/4.0/"),
        Licence("cc-by-nc-sa-4.0", "CC BY-NC-SA 4.0", False, True, False,
                "No commercial use; what is derived carries the same licence.",
                "https://creativecommons.org/licenses/by-nc-sa/4.0/"),
        Licence("cc-by-nc-nd-4.0", "CC BY-NC-ND 4.0", False, False, True,
                "No commercial use, and nothing derived may be passed on: a fine-tune can't be shared.",
                "https://creativecommons.org/licenses/by-nc-nd/4.0/"),
        _llama("2", f"{_LLAMA_OLD}; its output may not improve other language models."),
        _llama("3", f"{_LLAMA_OLD}; its output may not improve other language models, and what is derived "
               "carries “Llama 3” at the start of its name."),
        _llama("3.1", _LLAMA), _llama("3.2", _LLAMA), _llama("3.3", _LLAMA),
        _llama("4", f"{_LLAMA} No rights to its multimodal models for who is based in the EU."),
        Licence("gemma", "Gemma Terms of Use", True, False, True,
                "Commercial use allowed; the use policy must be passed on to whoever gets the model.",
                "https://ai.google.dev/gemma/terms"),
        Licence("creativeml-openrail-m", "CreativeML Open RAIL-M", True, False, True, _RAIL),
        Licence("bigscience-bloom-rail-1.0", "BigScience BLOOM RAIL 1.0", True, False, True, _RAIL),
        Licence("bigscience-openrail-m", "BigScience Open RAIL-M", True, False, True, _RAIL),
        Licence("bigcode-openrail-m", "BigCode Open RAIL-M", True, False, True, _RAIL),
        Licence("openrail", "Open RAIL", True, False, True, _RAIL),
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
        Licence("exaone", "EXAONE AI Model License (NC)", False, False, True,
                "No commercial use; research only."),
        Licence("research-only", "research only", False, False, True,
                "The publisher offers it for research; no commercial use."),
        Licence("apple-ascl", "Apple Sample Code License", None, False, True, "Apple's own terms."),
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
    return LICENCES.get(key.lower(), LICENCES["other"])


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
