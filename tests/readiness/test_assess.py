"""Published combinations of the small files, and what a reader is told about each."""

from __future__ import annotations

import copy
import json

import pytest

from core.readiness import Finding, Readiness, assess, assess_family
from core.readiness.tables import table
from tests.readiness.bases import BASES


def keys(readiness: Readiness) -> set[str]:
    return {finding.key for finding in readiness.findings}


@pytest.fixture(params=BASES, ids=lambda base: base.name)
def base(request):
    return request.param


def test_the_verdict_and_the_end_token(base) -> None:
    found = assess(base.files())

    assert (found.stops, found.end_token) == (base.stops, base.end)
    assert found.end_token_id == base.added[base.end]


def test_the_pad_is_not_the_end_token(base) -> None:
    found = assess(base.files())

    assert found.pad_token is None or found.pad_token != found.end_token
    assert found.pad_token is None or found.pad_token in base.added


def test_the_adapter_targets(base) -> None:
    found = assess(base.files())

    assert sorted(found.lora_targets) == sorted(base.targets)
    assert set(base.absent) <= set(found.avoid)
    assert set(found.lora_targets).isdisjoint(found.avoid)


def test_tied_embeddings_and_the_findings(base) -> None:
    found = assess(base.files())

    assert found.tied_embeddings == base.tied
    assert set(base.keys) <= keys(found)


def test_bytes_say_the_same_as_parsed_files(base) -> None:
    parsed = base.files()
    raw = {name: value if value is None else json.dumps(value).encode() for name, value in parsed.items()}

    assert assess(raw) == assess(parsed)


def test_every_finding_is_complete(base) -> None:
    for finding in assess(base.files(), licence="llama3.2").findings:
        check(finding)


@pytest.mark.parametrize("model_id", [row["model_ids"].split()[0] for row in table("families")])
def test_findings_of_families_are_complete(model_id: str) -> None:
    for finding in assess_family(model_id).findings:
        check(finding)


def check(finding: Finding) -> None:
    assert finding.key
    assert not finding.what.startswith("VLLM")
    assert finding.severity in {"stop", "warning", "note", "not checked"}
    if finding.severity in {"stop", "warning"}:
        assert finding.remedy, finding
        assert finding.why, finding
    if finding.severity != "not checked":
        assert finding.source, finding
        assert finding.date >= "2023" or finding.source.split(", ")[0].endswith(".json"), finding


def test_absence_of_a_report_is_said_to_be_no_test() -> None:
    llama = next(base for base in BASES if base.name == "Llama 3 8B")

    said = next(finding for finding in assess(llama.files()).findings if finding.key == "fp16")

    assert said.severity == "not checked"
    assert "not the same as safe" in said.what


def test_nothing_at_all_is_unknown_and_says_what_is_missing() -> None:
    found = assess({})

    assert found.stops == "unknown"
    assert found.tied_embeddings is None
    assert found.reach is None
    assert [f.source for f in found.findings if f.key == "files.missing"] == [
        "config.json",
        "generation_config.json",
        "tokenizer_config.json",
        "tokenizer.json",
    ]


def test_config_alone_gives_no_verdict_on_stopping() -> None:
    found = assess({"config.json": {"model_type": "llama", "num_hidden_layers": 2, "eos_token_id": 2}})

    assert found.stops == "unknown"
    assert (
        found.lora_targets[:4] == ["q_proj", "k_proj", "v_proj", "o_proj"] or "q_proj" in found.lora_targets
    )


def test_an_instruct_model_stops_as_it_is() -> None:
    llama = next(base for base in BASES if base.name == "Llama 3.1 8B")
    files = llama.files()
    files["config.json"] = files["config.json"] | {"eos_token_id": [128001, 128008, 128009]}
    files["generation_config.json"] = {"eos_token_id": [128001, 128008, 128009]}
    files["tokenizer_config.json"] |= {
        "eos_token": "<|eot_id|>",
        "chat_template": "{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + "
        "'<|end_header_id|>' + message['content'] | trim + '<|eot_id|>' }}{% endfor %}",
    }

    found = assess(files)

    assert (found.stops, found.end_token) == ("as it is", "<|eot_id|>")
    assert "eos.disagree" not in keys(found)


@pytest.mark.parametrize(
    ("measured", "stops"),
    [("trained", "as it is"), ("untrained", "needs trained chat tokens")],
)
def test_a_measured_row_outranks_what_was_published(measured: str, stops: str) -> None:
    qwen = next(base for base in BASES if base.name == "Qwen3 8B Base")

    assert assess(qwen.files(), rows={151645: measured}).stops == stops


def test_the_licence_of_the_card_is_read() -> None:
    card = "---\nlicense: other\nlicense_name: tencent-hunyuan-community\n---\n# Model\n"

    found = assess({"README.md": card})

    assert found.licence == "tencent-hunyuan-community"
    regions = next(f for f in found.findings if f.key == "licence.regions")
    assert "EU" in regions.what


def test_a_llama_licence_reaches_name_notice_and_users() -> None:
    assert {"licence.name", "licence.notice", "licence.users"} <= keys(assess({}, licence="llama3.1"))


def test_weights_decide_on_tying_where_the_config_is_silent() -> None:
    config = {"model_type": "gemma2", "num_hidden_layers": 1}
    weights = {"weight_map": {"model.embed_tokens.weight": "a", "lm_head.weight": "a"}}

    assert assess({"config.json": config}).tied_embeddings is True
    assert assess({"config.json": config, "model.safetensors.index.json": weights}).tied_embeddings is False


def test_a_class_nobody_knows_takes_its_names_from_the_weights() -> None:
    config = {"model_type": "newly_made", "num_hidden_layers": 1}
    names = ["q_proj", "o_proj", "up_proj", "input_layernorm"]
    weights = {"weight_map": {f"model.layers.0.x.{name}.weight": "a" for name in names}}

    found = assess({"config.json": config, "model.safetensors.index.json": weights})

    assert found.lora_targets == ["o_proj", "q_proj", "up_proj"]


def test_a_finding_is_the_tuple_of_five_that_is_promised() -> None:
    finding = next(f for f in assess({"config.json": {"model_type": "gemma3"}}).findings if f.key == "fp16")

    key, severity, what, remedy, source = finding

    assert (key, severity) == ("fp16", "warning")
    assert what
    assert remedy
    assert source
    assert finding.why
    assert finding.date >= "2025"
    assert copy.deepcopy(finding).why == finding.why
    assert Finding(*finding) == finding


def test_a_class_default_left_in_the_config_is_not_the_end_token() -> None:
    olmo = next(base for base in BASES if base.name == "Olmo 3 7B")
    files = olmo.files()
    files["config.json"] = files["config.json"] | {"eos_token_id": 50279, "pad_token_id": 1}

    found = assess(files)

    assert (found.end_token, found.end_token_id) == ("<|endoftext|>", 100257)
    assert "eos.disagree" in keys(found)


HARMONY = (
    "{% for m in messages %}<|start|>{{ m.role }}<|message|>{{ m.content }}"
    "{% if loop.last and m.role == 'assistant' %}<|return|>{% else %}<|end|>{% endif %}{% endfor %}"
)


@pytest.mark.parametrize(
    ("end", "template", "stops"),
    [
        ("<|return|>", HARMONY, "as it is"),
        (
            "[|endofturn|]",
            "{% for m in messages %}[|{{ m.role }}|]{{ m.content }}[|endofturn|]{% endfor %}",
            "as it is",
        ),
        ("<|return|>", "{{ unreadable }}", "needs an end token"),
    ],
)
def test_a_model_that_stops_at_its_turns_end_is_told_to_end_there(
    end: str, template: str, stops: str
) -> None:
    ids = {"<|start|>": 1, "<|end|>": 2, end: 9}
    files = {
        "config.json": {"model_type": "new", "num_hidden_layers": 1, "vocab_size": 12, "eos_token_id": 9},
        "generation_config.json": {"eos_token_id": [9]},
        "tokenizer_config.json": {
            "eos_token": end,
            "chat_template": template,
            "added_tokens_decoder": {str(i): {"content": token} for token, i in ids.items()},
        },
    }

    found = assess(files)

    assert found.end_token == end
    assert found.stops == stops
    assert "not known" not in found.why
