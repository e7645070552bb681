"""Long work shows how far it is and can be stopped, in a real browser against a Hub that only drips."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.app_server import AppServer
from tests.hub_server import HubServer
from tests.tokenizer_zoo import style
from tests.tokenizers.test_loading import SLOW, evil

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def slow_hub() -> Iterator[HubServer]:
    with HubServer() as server:
        body = style("digits_split").to_str()
        # Room before the first bracket makes the file large enough to be waited for.
        server.add_model("newlab/Slow-8B", {"tokenizer.json": (body + " " * 2_000_000).encode()})
        server.add_model("newlab/Next-8B", {"config.json": json.dumps({"hidden_size": 1}).encode()})
        yield server


@pytest.fixture
def hub(slow_hub: HubServer) -> Iterator[HubServer]:
    yield slow_hub
    slow_hub.heal()


@pytest.fixture(scope="module")
def app(slow_hub: HubServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    cache = str(tmp_path_factory.mktemp("cache"))
    settings = {"HF_ENDPOINT": slow_hub.url, "BASEWISE_CACHE": cache, "HF_HUB_OFFLINE": "0"}
    with AppServer(BASEWISE_LIVE="off", **settings) as server:
        yield server.url


def stop_button(page: Page) -> Locator:
    """The page's own; Streamlit shows one of that name in its toolbar."""
    return page.get_by_test_id("stButton").get_by_role("button", name="Stop")


def test_a_tokenizer_on_its_way_can_be_stopped_and_tried_again(page: Page, app: str, hub: HubServer) -> None:
    hub.fault("/resolve/", drip=(20_000, 0.2))
    page.goto(f"{app}/tokenizers?t_repo=newlab/Slow-8B")
    expect(
        page.get_by_text(re.compile(r"Fetching the tokenizer of newlab/Slow-8B: \d\.\d of 2\.0 MB"))
    ).to_be_visible()
    stop_button(page).click()

    expect(page.get_by_text("newlab/Slow-8B was not loaded. You stopped it.")).to_be_visible()

    hub.heal()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("was not loaded")).to_have_count(0)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(stop_button(page)).to_have_count(0)


def test_the_reading_of_an_uploaded_tokenizer_can_be_stopped(page: Page, app: str) -> None:
    page.goto(f"{app}/tokenizers")
    page.get_by_text("Or upload a tokenizer file").click()
    page.locator("input[type=file]").set_input_files(
        [{"name": "mine.json", "mimeType": "application/json", "buffer": evil(SLOW)}]
    )
    expect(page.get_by_text(re.compile(r"Reading mine.json \(\w{6}\)"))).to_be_visible()
    stop_button(page).click()

    expect(page.get_by_text(re.compile(r"mine.json .* was not loaded. You stopped it."))).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)


def test_a_look_up_can_be_stopped_and_what_was_typed_stays(page: Page, app: str, hub: HubServer) -> None:
    hub.fault("/api/models", drip=(5, 0.5))
    page.goto(f"{app}/data?x_part=Models")
    page.get_by_role("textbox", name="Repository on the Hub").fill("newlab/Next-8B")
    page.get_by_role("button", name="Look it up").click()
    expect(page.get_by_text("Asking the Hub about newlab/Next-8B")).to_be_visible()
    stop_button(page).click()

    expect(page.get_by_text("You stopped it; nothing was added.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Repository on the Hub")).to_have_value("newlab/Next-8B")

    hub.heal()
    page.get_by_role("button", name="Look it up").click()
    expect(page.get_by_role("button", name="Add to the shortlist")).to_be_visible()
    expect(page.get_by_text("You stopped it")).to_have_count(0)
