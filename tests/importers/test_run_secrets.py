"""Tokens, keys and passwords in the settings of a run never become part of what is shown or kept."""

from __future__ import annotations

import json

import pytest

from core.importers.lm_eval import import_results
from core.importers.run_arguments import read_arguments, without_secrets

PLAIN = "pretrained=acme/x-7B"


def imported(*settings: dict[str, object]):
    files = []
    for place, said in enumerate(settings):
        config = {"model_args": PLAIN} | said
        document = {
            "results": {"leaderboard_mmlu_pro": {"acc,none": 0.3 + place / 10}},
            "config": config,
            "model_name": config.pop("model_name", None),
        }
        files.append((f"{place}.json", json.dumps(document).encode()))
    return import_results(files)


@pytest.mark.parametrize(
    "key",
    [
        "hf_token", "token", "use_auth_token", "api_key", "OPENAI-API-KEY", "apiKey", "hftoken", "password",
        "client_secret", "db_password_2", "auth", "authorization", "credential", "aws_credentials",
        "x" * 70 + "_token",
    ],
)  # fmt: skip
def test_runs_that_differ_in_a_secret_are_one_run_that_names_none(key):
    found = imported(*({"model_args": f"{PLAIN},{key}=hf_SECRET{place}"} for place in range(2)))
    assert found.frame["model_id"].tolist() == ["acme/x-7B"]
    assert "SECRET" not in found.frame.to_csv() + "".join(found.notes)


NESTED = {
    "a dictionary": {"model_args": {"pretrained": "acme/x-7B", "extra": {"hf_token": "SECRET{}"}}},
    "a dictionary as text": {"model_args": PLAIN + ",model_kwargs={{'hf_token': 'SECRET{}'}}"},
    "a broken dictionary": {"model_args": PLAIN + ",model_kwargs={{hf_token: SECRET{}}}"},
    "a list": {"model_args": {"pretrained": "acme/x-7B", "extra": ["hf_token=SECRET{}"]}},
    "a header": {"model_args": {"pretrained": "acme/x-7B", "header": {"X-Mine": "Bearer SECRET{}"}}},
    "a value alone": {"model_args": PLAIN + ",extra=hf_SECRET{}"},
    "a long value": {"model_args": PLAIN + ",extra=x sk-proj-SECRETSECRETSECRET{}"},
    "how answers were generated": {"gen_kwargs": "api_key=SECRET{},temperature=0.5"},
    "the name": {"model_args": "", "model_name": PLAIN + ",hf_token=SECRET{}"},
    "an address": {"model_args": "pretrained=https://me:SECRET{}@host.org/acme/x-7B?sig=SECRET{}"},
    "a revision": {"model_args": PLAIN, "model_revision": "hf_SECRETSECRETSECRET{}"},
    "an adapter's commit": {"model_args": PLAIN, "peft_sha": "hf_SECRETSECRETSECRET{}"},
}  # fmt: skip


def _numbered(said: object, place: int) -> object:
    if isinstance(said, dict):
        return {key: _numbered(value, place) for key, value in said.items()}
    if isinstance(said, list):
        return [_numbered(value, place) for value in said]
    return str(said).format(place, place)


@pytest.mark.parametrize("said", NESTED.values(), ids=NESTED.keys())
def test_secrets_within_other_settings_are_left_out_too(said):
    found = imported(*(_numbered(said, place) for place in range(2)))
    assert len(found.frame) == 1
    assert "SECRET" not in found.frame.to_csv() + "".join(found.notes)


def test_tokens_of_the_text_are_settings_that_count():
    text = (
        "add_bos_token=True,think_end_token=</think>,stop_token_ids=7,num_key_value_heads=8,max_new_tokens=9"
    )
    assert len(read_arguments(text)) == 5


@pytest.mark.parametrize(
    "name",
    ["acme/gemma-2-9b-sk-instruct-merged-v1", "hf_llama3", "acme/monkey:v1", "/data/r=16/ada", "basic model"],
)
def test_names_that_only_look_alike_stay(name):
    assert without_secrets(name) == name
    assert read_arguments({"pretrained": name}) == {"pretrained": name}
