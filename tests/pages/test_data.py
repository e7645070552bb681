"""The Data page under AppTest, against the local Hub: its parts, its failing states, and what others see."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import streamlit as st

from core.hub import client
from core.workspace.contents import Workspace
from core.workspace.store import WorkspaceStore
from pages.parts.shell import workspace
from tests.boards import today
from tests.hub_server import HubServer, wait_until
from tests.hub_tables import hub_parquet
from tests.page_driver import open_page

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

SECRET = "hf_" + "pAgEsEcReT" * 3
FULL = Path(__file__).parent.parent / "fixtures" / "lm_eval" / "full.json"
SCRIPT_NAME = "<img src=x onerror=alert(1)>"


@pytest.fixture
def hub(monkeypatch, tmp_path):
    monkeypatch.setattr(client, "_wait", lambda _state: 0.0)
    monkeypatch.setenv("BASEWISE_CACHE", str(tmp_path / "cache"))
    st.cache_resource.clear()
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        server.add_board(hub_parquet(40), date="2026-10-01T00:00:00.000Z")
        config = {"architectures": ["LlamaForCausalLM"], "max_position_embeddings": 8192, "hidden_size": 4096}
        server.add_model(
            "newlab/Next-8B",
            {"config.json": json.dumps(config).encode(), "tokenizer.json": b"{}"},
            safetensors={"parameters": {"BF16": 8_000_000_000}, "total": 8_000_000_000},
            cardData={"license": "mit"},
            evalResults=[
                {"filename": "a", "data": {"dataset": {"id": "d/b", "task_id": "default"}, "value": 41.5,
                 "source": {"url": "https://example.org", "user": "someone"}}},
            ],
        )  # fmt: skip
        server.add_model("newlab/Gated-7B", {"config.json": b"{}"}, gated="manual")
        yield server
    st.cache_resource.clear()


def open_data(part: str = "Sources", **address: list[str]) -> AppTest:
    app = open_page("pages/data.py", **address)
    if part != "Sources":
        app.segmented_control(key="x_part").set_value(part).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.success, app.warning, app.error)
    # As a reader sees them: without the marks that keep Markdown from acting.
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    app.run()
    assert not app.exception
    return app


def check_live(app: AppTest) -> AppTest:
    press(app, "x_check")
    assert wait_until(lambda: not live_watch().running)
    app.run()
    assert not app.exception
    return app


def live_watch():
    from pages.parts.shell import live

    return live.watch()


def look_up(app: AppTest, repo_id: str, kind: str | None = None) -> AppTest:
    app.text_input(key="x_repo").set_value(repo_id)
    if kind:
        app.selectbox(key="x_kind").set_value(kind)
    next(button for button in app.button if button.label == "Look it up").click()
    app.run()
    assert not app.exception
    return app


def upload(
    app: AppTest, name: str, body: bytes, *, key: str = "x_files_0", label: str = "Add these results"
) -> AppTest:
    app.file_uploader(key=key).set_value((name, body, "application/octet-stream"))
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    return app


def test_sources_are_named_with_date_and_limits(hub):
    app = open_data()
    said = words(app)
    for part in (
        "open-llm-leaderboard/contents",
        "final, 2025-03-13",
        "4,576 evaluations",
        "Licence:",
        "Limits:",
    ):
        assert part in said
    assert "hlzhang109/prescriptive-scaling" in said
    assert app.metric[0].value == "4,576"
    assert hub.requests == [], "nothing is asked of the Hub unless wanted"


def test_the_live_board_can_be_checked_and_chosen(hub):
    app = check_live(open_data("Live"))
    assert "downloaded and checked" in words(app)
    assert "state of 2026-10-01" in words(app)
    app.radio[0].set_value("live").run()
    assert app.query_params["board"] in ("live", ["live"])
    app.switch_page("pages/leaderboard.py").run()
    assert not app.exception
    assert "open-llm-leaderboard/contents, state of 2026-10-01" in words(app)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 500}, "returned a server error"),
        ({"status": 429, "headers": {"Retry-After": "900"}}, "asks to wait 900 seconds"),
        ({"redirect_loop": True}, "redirects in a loop"),
        ({"body": b"<html></html>"}, "not what the Hub sends"),
    ],
    ids=["500", "429", "loop", "login page"],
)
def test_a_failed_check_is_explained_and_changes_nothing(hub, fault, said):
    hub.fault("/api", **fault)
    app = check_live(open_data("Live"))
    assert said in words(app)
    assert "embedded board of 2025-03-13 is in use" in words(app)
    hub.heal()
    check_live(app)
    assert "downloaded and checked" in words(app)
    hub.fault("/api", **fault)
    check_live(app)
    assert said in words(app)
    assert "Last good copy: open" in words(app)


def test_a_link_to_the_live_board_before_it_is_there(hub, monkeypatch):
    monkeypatch.setenv("BASEWISE_LIVE", "off")
    app = open_page(board="live")
    assert "The live board is not there yet; this is the embedded copy." in words(app)


def test_a_model_of_the_hub_joins_shortlist_and_pages(hub):
    app = look_up(open_data("Models"), "newlab/Next-8B", "base")
    facts = app.dataframe[0].value.set_index("Fact")["Value"]
    assert facts["Parameters"] == "8.000 billion"
    assert (facts["Licence"], facts["Context length"]) == ("mit", "8,192 tokens")
    assert any("someone" in str(table.value.to_dict()) for table in app.dataframe), "evals with who ran them"
    press(app, "x_pick_newlab/Next-8B")
    assert app.query_params["pick"] in ("newlab/Next-8B", ["newlab/Next-8B"])
    for page in ("leaderboard", "variants", "compare", "decide", "tokenizers", "trust", "data"):
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, page
        assert "With 1 row of your own" in words(app)


def test_decide_estimates_a_model_of_the_hub_from_its_configuration_or_says_why_not(hub):
    layers = {
        "model_type": "llama", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32,
        "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 128256,
    }  # fmt: skip
    hub.add_model("newlab/Whole-8B", {"config.json": json.dumps(layers).encode()})
    app = look_up(open_data("Models"), "newlab/Whole-8B", "base")
    look_up(app, "newlab/Next-8B", "base")
    app.query_params["d_view"] = "Memory in detail"
    app.switch_page("pages/decide.py").run()
    assert not app.exception
    table = next(frame.value for frame in app.dataframe if "verdict" in frame.value.columns)
    known_by = table.set_index("model_id")["evidence"]
    assert known_by["newlab/Whole-8B"] == "from the config.json"
    assert known_by["newlab/Next-8B"] == "from the size alone"
    assert "newlab/Next-8B is estimated from its size" in words(app)
    assert "doesn't say num_hidden_layers" in words(app)


def test_community_evals_stand_on_compare_with_their_provenance_and_in_no_average(hub):
    hub.add_model("newlab/Quiet-8B", {"config.json": b"{}"})
    app = look_up(open_data("Models"), "newlab/Next-8B", "base")
    look_up(app, "newlab/Quiet-8B", "base")
    press(app, "x_pick_newlab/Next-8B")
    press(app, "x_pick_newlab/Quiet-8B")
    app.switch_page("pages/compare.py").run()
    assert not app.exception
    wide, each = (frame.value for frame in app.dataframe)
    assert wide.to_dict("records") == [{"model_id": "newlab/Next-8B", "d/b": 41.5}]
    row = each.iloc[0]
    assert (row["ran_by"], row["verified"], row["link"]) == ("someone", "no signature", "https://example.org")
    scores = app.table[0].value
    assert "none of them has a figure" in words(app)
    facts = app.table[1].value.iloc[:, 0]
    assert facts["Source of the scores"].startswith("none")
    assert facts["Chat template"] == "unknown"
    named = next(name for name in scores if name.replace("\\", "").startswith("newlab/Next-8B"))
    assert (scores[named] == "unknown").all(), "no score of the board comes of it"
    app.multiselect(key="c_of").set_value(["newlab/Quiet-8B"]).run()
    assert len(app.dataframe) == 0
    assert "No Community Evals are filed" in words(app)


def test_evals_that_cannot_be_read_cost_neither_the_model_nor_those_read_before(hub):
    app = look_up(open_data("Models"), "newlab/Next-8B", "base")
    hub.repos["models", "newlab/Next-8B"].properties["evalResults"] = [
        {"filename": "a", "data": {"dataset": {"id": "d/b", "task_id": "default"}, "value": 1, "source": {}}},
        {"filename": "b", "data": {"dataset": "not an object"}},
    ]
    look_up(app, "newlab/Next-8B", "base")
    assert "Its Community Evals could not be read: The answer is not what the Hub sends." in words(app)
    assert app.dataframe[0].value.set_index("Fact")["Value"]["Licence"] == "mit"
    assert any("someone" in str(table.value.to_dict()) for table in app.dataframe)


def read_leaderboard(app: AppTest, dataset_id: str) -> AppTest:
    app.text_input(key="x_benchmark").set_value(dataset_id)
    next(button for button in app.button if button.label == "Read its leaderboard").click()
    app.run()
    assert not app.exception
    return app


def benchmark_entry(model_id: str, value: float, *, verified: bool) -> dict[str, object]:
    author = {"type": "user", "name": "someone", "fullname": "S", "avatarUrl": ""}
    return {"rank": 1, "modelId": model_id, "value": value, "filename": "f", "author": author,
            "verified": verified}  # fmt: skip


def test_a_benchmarks_leaderboard_says_what_the_hub_verified(hub):
    known = "Qwen/Qwen2.5-7B"
    entries = [
        benchmark_entry(known, 61.5, verified=True),
        benchmark_entry("mistralai/Mistral-7B-v0.1", 40.0, verified=False),
        benchmark_entry("nobody/Elsewhere-7B", 99.0, verified=True),
    ]
    hub.add_dataset("lab/bench", leaderboard=entries)
    app = read_leaderboard(open_data("Models", pick=[known, "google/gemma-2-9b"]), "lab/bench")
    assert "3 entries on its leaderboard, 2 of them for models on this board or added by you, 1 of these" in (
        words(app)
    )
    wide, each = (frame.value for frame in app.dataframe)
    assert wide.set_index("model_id")["lab/bench"].to_dict() == {
        known: 61.5,
        "mistralai/Mistral-7B-v0.1": 40.0,
    }
    assert each.set_index("model_id")["verified"].to_dict() == {
        known: "verified", "mistralai/Mistral-7B-v0.1": "not verified",
    }  # fmt: skip
    # Read again after the Hub changed: the new state takes the place of the old.
    hub.repos["datasets", "lab/bench"].leaderboard[:] = [benchmark_entry(known, 62.0, verified=False)]
    read_leaderboard(app, "lab/bench")
    assert app.dataframe[1].value[["value", "verified"]].to_dict("records") == [
        {"value": 62.0, "verified": "not verified"}
    ]

    app.switch_page("pages/compare.py").run()
    assert not app.exception
    assert app.dataframe[0].value.to_dict("records") == [{"model_id": known, "lab/bench": 62.0}]
    app.switch_page("pages/data.py").run()
    press(app, "x_benchmark_drop_lab/bench")
    assert len(app.dataframe) == 0
    assert "None yet." in words(app)


@pytest.mark.parametrize(
    ("dataset_id", "said"),
    [
        ("../etc/passwd", "not the name of a repository"),
        (SCRIPT_NAME, "not the name of a repository"),
        ("lab/none", "404"),
    ],
)
def test_a_benchmark_without_a_leaderboard_is_explained(hub, dataset_id, said):
    hub.add_dataset("lab/none")
    app = read_leaderboard(open_data("Models"), dataset_id)
    assert said in words(app)
    assert app.text_input(key="x_benchmark").value == dataset_id, "what was typed stays"


@pytest.mark.parametrize(
    ("repo_id", "said"),
    [
        ("../etc/passwd", "not the name of a repository"),
        ("https://evil.example/a/b", "not the name of a repository"),
        (SCRIPT_NAME, "not the name of a repository"),
        ("newlab/Nothing", "or it is private"),
        ("", "not the name of a repository"),
    ],
)
def test_a_wrong_model_is_explained(hub, repo_id, said):
    app = look_up(open_data("Models"), repo_id)
    assert said in words(app)
    raw = "".join(element.value for element in app.error)
    assert "<img" not in raw.replace("\\<", "")


def test_a_gated_model_says_where_to_ask(hub):
    app = look_up(open_data("Models"), "newlab/Gated-7B")
    assert "gated" in words(app)
    assert app.dataframe[0].value.set_index("Fact")["Value"]["Gated"].startswith("yes")


def test_own_results_stand_on_every_page(hub):
    app = upload(open_data("Results"), "results_1.json", FULL.read_bytes())
    assert "Added 1 row, marked as yours" in words(app)
    assert "6 of 541 questions" in words(app)
    for page in ("leaderboard", "variants", "compare", "decide", "data"):
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, page
        assert "With 1 row of your own" in words(app)


@pytest.fixture
def returns(hub, monkeypatch):
    """A browser that brings the cookie of a workspace with one row."""
    added = upload(open_data("Results"), "results_1.json", FULL.read_bytes()).session_state
    cookies = {workspace.COOKIE: added["workspace_key"]}
    browser = SimpleNamespace(headers={"Host": "here"}, cookies=cookies, ip_address=None, url=None)
    monkeypatch.setattr(st, "context", browser)
    return browser


def test_a_run_that_outlives_its_connection_does_not_lose_what_is_kept(returns, monkeypatch):
    """Cut off, a run hears of no cookie; the session is not taken for one that has nothing."""
    with monkeypatch.context() as cut_off:
        cut_off.setattr(st, "context", SimpleNamespace(headers={}, cookies={}, ip_address=None, url=None))
        app = open_data()
        assert "of your own" not in words(app)
    assert "With 1 row of your own" in words(app.run())


def test_a_run_that_ends_while_the_workspace_is_read_does_not_lose_it(returns, monkeypatch):
    """As when a browser that connects again asks for the next run at once."""
    with monkeypatch.context() as interrupted:
        interrupted.setattr(WorkspaceStore, "load", lambda *_: st.stop())
        app = open_data()
        assert "of your own" not in words(app)
    assert "With 1 row of your own" in words(app.run())


def test_a_run_that_ends_while_two_tabs_are_joined_leaves_this_one_its_key(monkeypatch):
    class RunEnded(BaseException):
        pass

    def ended(*_: object) -> None:
        raise RunEnded

    tab = {"workspace": Workspace(), "workspace_key": "this tab's"}
    monkeypatch.setattr(st, "session_state", tab)
    monkeypatch.setattr(WorkspaceStore, "update", ended)
    with pytest.raises(RunEnded):
        workspace._join("the other's")
    assert tab["workspace_key"] == "this tab's"


def test_rows_without_a_score_are_a_warning_before_they_are_counted(hub):
    app = upload(open_data("Results"), "mine.csv", b"model_id,kind\nme/a,base\nme/b,base\n")
    assert not app.success
    assert "no row has a benchmark score" in app.warning[-1].value.replace("\\", "")
    assert "Added 2 rows, marked as yours" in words(app)


def test_rows_in_use_tell_reports_from_size_alone():
    app = open_data()
    counts = {metric.label: int(metric.value.replace(",", "")) for metric in app.metric}
    field = today()
    for label, evidence in (("placed from reports", "placed"), ("placed by size alone", "size only")):
        assert counts[label] == (field["evidence"] == evidence).sum()
    assert f"Placed from reports: {counts['placed from reports']}. At its widest" in words(app)


def test_what_was_said_outlives_a_run_that_the_browser_starts(hub):
    # Joining two tabs' workspaces starts one right after the reader's upload.
    app = upload(open_data("Results"), "results_1.json", FULL.read_bytes())
    app.run()
    assert "Added 1 row, marked as yours" in words(app)
    app.segmented_control(key="x_part").set_value("Workspace").run()
    app.segmented_control(key="x_part").set_value("Results").run()
    assert "Added 1 row" not in words(app), "the reader went on"


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("a.csv", b"model_id,ifeval\nme/a,high\n", "Row 1, column “ifeval”: expected a number from 0 to 100"),
        ("a.csv", b"x,y\n1,2\n", "Call the column with the model's name “model_id”"),
        ("a.json", b"[" * 100_000, "nested too deep"),
        ("a.json", b"{}", "no “results”"),
        ("a.parquet", b"PAR1", "not a whole Parquet file"),
        (f"{SCRIPT_NAME}.csv", b"", ""),
    ],
    ids=["cell", "heading", "deep", "no results", "cut", "hostile name"],
)
def test_a_bad_upload_is_explained(hub, name, body, said):
    app = upload(open_data("Results"), name, body)
    assert said in words(app)
    assert "Nothing was added" in words(app)
    raw = "".join(element.value for element in app.error)
    assert "<img" not in raw.replace("\\<", "")


def test_the_page_asks_for_a_name_and_for_the_decimal_sign(hub):
    nameless = json.loads(FULL.read_text()) | {
        "model_name": "",
        "config": {"model": "HFLM", "model_args": None},
    }
    app = upload(open_data("Results"), "r.json", json.dumps(nameless).encode())
    assert "Enter the model's name" in words(app)
    app.text_input(key="x_own_name").set_value("me/mine-7B")
    upload(app, "r.json", json.dumps(nameless).encode())
    assert app.session_state["workspace"].rows()["model_id"].tolist() == ["me/mine-7B"]
    body = b"model_id;ifeval\nme/other-7B;40,5\n"
    upload(app, "t.csv", body, key="x_files_1")
    assert "Say under “Decimal sign”" in words(app)
    app.selectbox(key="x_own_decimal").set_value("comma: 1.234,5")
    upload(app, "t.csv", body, key="x_files_1")
    assert app.session_state["workspace"].rows()["ifeval"].iloc[-1] == 40.5


def test_nothing_chosen_is_said(hub):
    app = open_data("Results")
    next(button for button in app.button if button.label == "Add these results").click()
    app.run()
    assert "Choose at least one file first" in words(app)


def test_the_workspace_leaves_and_comes_back(hub):
    app = upload(open_data("Results"), "mine.csv", b"model_id,kind,ifeval\nme/mine-7B,base,44\n")
    app.segmented_control(key="x_part").set_value("Workspace").run()
    assert app.dataframe[0].value["what"].tolist() == ["mine.csv"]
    saved = app.session_state["workspace"].to_bytes()
    press(app, "x_clear")
    assert "Empty." in words(app)
    other = upload(open_data("Workspace"), "w.json", saved, key="x_restore_0", label="Load it")
    assert "Loaded 1 rows and 0 models" in words(other)
    assert "With 1 row of your own" in words(other)
    bad = upload(other, "w.json", b"{}", key="x_restore_1", label="Load it")
    assert "not a workspace of this app" in words(bad)
    assert "With 1 row of your own" in words(bad)


def test_sessions_do_not_see_each_other(hub):
    one = upload(open_data("Results"), "mine.csv", b"model_id,kind,ifeval\nme/secret-7B,base,99\n")
    other = open_data("Workspace")
    for page in ("leaderboard", "variants", "compare", "decide"):
        one.switch_page(f"pages/{page}.py").run()
        other.switch_page(f"pages/{page}.py").run()
        assert "of your own" in words(one)
        assert "of your own" not in words(other)
        seen = "".join(str(table.value.to_dict()) for table in other.dataframe) + words(other)
        assert "secret-7B" not in seen


def test_caches_shared_by_sessions_tell_boards_apart(hub):
    """Two boards of equal length and equal sums: what was worked out for one is not shown to the other."""
    one = look_up(open_data("Models"), "newlab/Next-8B", "base")
    other = look_up(open_data("Models"), "newlab/Gated-7B", "base")
    for page in ("variants", "compare", "decide", "leaderboard"):
        for app, own, foreign in ((one, "Next-8B", "Gated-7B"), (other, "Gated-7B", "Next-8B")):
            app.switch_page(f"pages/{page}.py").run()
            seen = "".join(str(table.value.to_dict()) for table in app.dataframe) + words(app)
            assert f"newlab/{foreign}" not in seen, (page, own)


def test_the_token_is_in_no_state_message_log_or_link(hub, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("HF_TOKEN", "hf_ofTheServer0123456789")
    hub.add_token(SECRET)
    app = look_up(open_data("Models"), "newlab/Next-8B")
    assert all("authorization" not in request.headers for request in hub.requests)
    app.text_input(key="hub_token").set_value(SECRET).run()
    look_up(app, "newlab/Next-8B")
    assert hub.requests[-1].headers["authorization"] == f"Bearer {SECRET}"
    hub.fault("/api", status=500)
    look_up(app, "newlab/Gated-7B")
    app.segmented_control(key="x_part").set_value("Live").run()
    check_live(app)
    state = repr(app.session_state).replace(f"'hub_token': '{SECRET}'", "")
    saved = app.session_state["workspace"].to_bytes().decode()
    everywhere = [words(app), json.dumps(dict(app.query_params)), state, saved, caplog.text]
    everywhere += [request.path for request in hub.requests]
    assert all(SECRET not in place for place in everywhere)


@pytest.mark.parametrize("lent", ["", 'BASEWISE_USE_SERVER_TOKEN = "1"\n'])
def test_a_token_among_the_secrets_is_used_only_where_the_operator_lends_it(tmp_path, lent):
    """Streamlit's own secrets file, in a process of its own."""
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(f'HF_TOKEN = "{SECRET}"\n{lent}')
    root = str(Path(__file__).parent.parent.parent)
    code = "from pages.parts.shell import live; a = live.access(); print(a.token == SECRET, a)"
    done = subprocess.run(
        [sys.executable, "-c", f"SECRET = {SECRET!r}; {code}"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": root}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.startswith(f"{bool(lent)} HubAccess("), done.stderr[-500:]
    assert SECRET not in done.stdout + done.stderr


def test_a_broken_link_says_what_was_dropped(hub):
    app = open_page()
    app.switch_page("pages/data.py")
    app.query_params["x_part"] = ["nonsense"]
    app.run()
    assert not app.exception
    assert "could not be used" in words(app)
    assert app.segmented_control(key="x_part").value == "Sources"


def test_bases_newer_than_the_app_are_listed_and_added_with_one_click(hub) -> None:
    hub.add_model(
        "Qwen/Qwen9-8B-Base",
        {"config.json": b"{}"},
        safetensors={"parameters": {"BF16": 8_000_000_000}, "total": 8_000_000_000},
        createdAt="2026-10-01T00:00:00.000Z",
        pipeline_tag="text-generation",
    )
    app = press(open_data("Models"), "x_newer")
    listed = next(table.value for table in app.dataframe if "created" in table.value)
    assert listed["model_id"].tolist() == ["Qwen/Qwen9-8B-Base"]
    app.selectbox(key="x_newer_pick").set_value("Qwen/Qwen9-8B-Base").run()
    press(app, "x_newer_add")
    assert "Qwen/Qwen9-8B-Base" in words(app)
    assert app.button(key="x_pick_Qwen/Qwen9-8B-Base")


def test_a_hub_out_of_reach_leaves_the_page_and_says_so(hub) -> None:
    hub.fault("api/models?", status=404)
    app = press(open_data("Models"), "x_newer")
    assert app.error
    assert app.button(key="x_newer")


def test_a_base_entered_by_hand_is_placed_and_stands_in_todays_field(hub) -> None:
    app = open_data("Models")
    app.text_input(key="x_hand_id").set_value("acme/Nova-8B")
    app.number_input(key="x_hand_size").set_value(8.2)
    app.text_input(key="x_hand_month").set_value("2026-10")
    app.text_area(key="x_hand_scores").set_value("MMLU, 5, 74.1\nBBH, 3, 62")
    next(button for button in app.button if button.label == "Place it").click().run()
    assert not app.exception
    assert "acme/Nova-8B" in words(app)
    assert "is placed at" in words(app)
    assert "Contribute this" in [each.proto.label for each in app.get("download_button")]
    app.switch_page("pages/leaderboard.py").run()
    rows = app.dataframe(key="board_table").value.set_index("model_id")
    assert {"placed", "yours"} <= set(rows.loc["model?id=acme/Nova-8B", "kind"])


def test_a_wrong_line_is_named_and_nothing_typed_is_lost(hub) -> None:
    app = open_data("Models")
    app.text_input(key="x_hand_id").set_value("acme/Nova-8B")
    app.text_area(key="x_hand_scores").set_value("MMLU, 5, 74.1\nNoSuchBench, 3, 62")
    next(button for button in app.button if button.label == "Place it").click().run()
    assert any("Line 2" in error.value for error in app.error)
    assert app.text_input(key="x_hand_id").value == "acme/Nova-8B"
    assert "NoSuchBench" in app.text_area(key="x_hand_scores").value
