"""Half of a surrogate pair, which JSON can escape and no file can hold, is refused where JSON is read."""

from __future__ import annotations

import json

import pytest

from core.errors import InvalidInputError
from core.hub.client import HubAccess
from core.hub.models import read_model
from core.importers.bounded_json import read_json
from core.importers.lm_eval import import_results
from tests.hub_server import HubServer


@pytest.mark.parametrize("body", [b'"\\ud800"', b'{"\\udfff": 1}', b'[{"a": ["b\\ud83d"]}]'])
def test_half_a_character_is_refused(body):
    with pytest.raises(InvalidInputError, match="half a character"):
        read_json(body, name="r.json", max_bytes=100)


def test_whole_characters_are_read_however_they_are_written():
    assert read_json(b'["\\ud83d\\ude00", "\xf0\x9f\x98\x80"]', name="r.json", max_bytes=100) == ["😀", "😀"]


def test_results_with_half_a_character_are_refused():
    document = {
        "results": {"leaderboard_mmlu_pro": {"acc,none": 0.3}},
        "config": {"model_args": "pretrained=acme/x-7B", "model_sha": "\ud800"},
    }
    with pytest.raises(InvalidInputError):
        import_results([("r.json", json.dumps(document).encode())])


def test_settings_of_a_hub_model_named_by_half_a_character_are_not_kept():
    with HubServer() as server:
        config = json.dumps({"\ud800": 1, "hidden_size": 64, "name": "\ud800", "text_config": {"\udfff": 2}})
        server.add_model("acme/x-7B", {"config.json": config.encode()})
        model = read_model("acme/x-7B", HubAccess(server.url))
    assert model.config == {"hidden_size": 64, "text_config": {}}
