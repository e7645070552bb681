"""Write the list of architectures that transformers loads as causal language models on its own.

Run: ``python -m core.decision.build_native``. Only this command imports transformers' model table.
"""

from __future__ import annotations

import json

from core.decision.native import PATH


def main() -> None:
    import transformers  # noqa: PLC0415
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES  # noqa: PLC0415

    names = sorted(set(MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values()))
    table = {"source": f"transformers {transformers.__version__}", "causal_lm": names}
    PATH.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(f"{len(names)} architectures written to {PATH.name}")


if __name__ == "__main__":
    main()
