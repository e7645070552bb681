"""The Tokenizers page: facts without a vocabulary, tokenizers from a local Hub, every failing state."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from core.errors import CancelledByReaderError
from pages.parts.shell.waiting import Progress
from pages.parts.tokenizers import targets
from tests.hub_server import HubServer
from tests.page_driver import open_page
from tests.places import ROOT
from tests.tokenizer_zoo import style

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest


@pytest.fixture
def hub(monkeypatch, tmp_path):
    monkeypatch.setenv("BASEWISE_CACHE", str(tmp_path))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        for name in ("digits_split", "byte_level"):
            server.add_model(f"zoo/{name}-{tmp_path.name}", {"tokenizer.json": style(name).to_str().encode()})
        server.add_model("meta-llama/Llama-3.1-8B", {"tokenizer.json": b"{}"}, gated="manual")
        yield server


def page(**params) -> AppTest:
    at = open_page("pages/tokenizers.py", **params)
    assert not at.exception
    return at


def text_of(at: AppTest) -> str:
    kinds = (at.markdown, at.caption, at.info, at.warning, at.error, at.subheader)
    return "\n".join(element.value for kind in kinds for element in kind)


def table(at: AppTest, *columns: str):
    return next(frame.value for frame in at.dataframe if set(columns) <= set(frame.value.columns))


def test_it_opens_on_three_kinds_of_tokenizers():
    at = page()
    figures = table(at, "single", "grouping")
    assert figures["single"].tolist() == [1000, 819, 10]
    assert len(at.get("plotly_chart")) == 3
    assert "Is one token per number better?" in text_of(at)
    assert "trailing space" in text_of(at)


def test_the_shortlist_decides_what_is_shown_first():
    at = page(pick=["google/gemma-2-9b", "Qwen/Qwen2.5-7B"])
    figures = table(at, "single", "grouping")
    assert figures["status"].tolist() == ["computed", "computed"]
    evidence = table(at, "model_id", "evidence")
    assert evidence["model_id"].tolist() == ["google/gemma-2-9b", "Qwen/Qwen2.5-7B"]
    assert "split digits" in evidence["evidence"].iloc[0] or "splits digits" in evidence["evidence"].iloc[0]


def test_another_context_changes_the_count():
    at = page()
    at.segmented_control(key="t_ctx").set_value("after a space").run()
    assert table(at, "single", "grouping")["single"].tolist() == [1000, 0, 10]
    at.segmented_control(key="t_ctx").set_value("alone").run()
    assert table(at, "single", "grouping")["single"].tolist() == [1000, 819, 10]
    assert not at.exception


def test_any_number_is_cut_or_said_to_need_the_tokenizer():
    at = page()
    at.number_input(key="t_num").set_value(98765).run()
    cut = table(at, "pieces", "tokens")
    assert cut["pieces"].tolist() == ["987 | 65", "not in the facts: load the tokenizer", "9 | 8 | 7 | 6 | 5"]
    at.number_input(key="t_num").set_value(42).run()
    assert table(at, "pieces", "tokens")["pieces"].tolist() == ["42", "42", "4 | 2"]


def test_nothing_chosen_says_what_to_do():
    at = page()
    at.multiselect(key="t_fam").set_value([]).run()
    assert "Choose at least one tokenizer family" in text_of(at)
    at.segmented_control(key="t_view").set_value("My targets").run()
    assert "Choose at least one tokenizer family" in text_of(at)
    assert not at.exception


def test_targets_by_facts_give_the_known_floors():
    at = page(t_view="My targets")
    result = table(at, "first_token_floor", "median_error")
    assert result["first_token_floor"].round(1).tolist() == [0.0, 12.8, 71.7]
    assert "what it doesn't say" in text_of(at).lower()


def test_pasted_targets_and_templates_fail_in_words():
    at = page(t_view="My targets")
    at.text_area(key="tokenizers_pasted").set_value("10\n19\n25").run()
    assert table(at, "first_token_floor")["first_token_floor"].round(2).iloc[2] == 3.0
    at.text_area(key="tokenizers_pasted").set_value("10\nten").run()
    assert "Line 2" in at.error[0].value
    at.text_area(key="tokenizers_pasted").set_value("10,00\n19\n25").run()
    shown = [frame for frame in at.dataframe if "first_token_floor" in frame.value.columns]
    assert not shown, "a comma that can be read in two ways is asked about"
    at.radio(key="tokenizers_commas").set_value("decimals: 19,99 is 19.99").run()
    assert table(at, "first_token_floor")["first_token_floor"].round(2).iloc[2] == 3.0
    at.text_area(key="tokenizers_pasted").set_value("1 234.50\n7 500").run()
    shown = [frame for frame in at.dataframe if "first_token_floor" in frame.value.columns]
    assert not shown, "and so is a space"
    at.radio(key="tokenizers_spaces").set_value("thousands: 1 299.50 is 1299.5").run()
    assert "2 values from your pasted values" in text_of(at)
    at.text_area(key="tokenizers_pasted").set_value("").run()
    at.text_input(key="t_tpl").set_value("{value.__class__}").run()
    assert "template" in at.error[0].value
    at.text_input(key="t_tpl").set_value("{value:.2f} USD").run()
    assert "cover whole values" in at.info[0].value
    assert not at.exception


def test_a_file_whose_commas_are_unclear_is_asked_about():
    at = page(t_view="My targets")
    at.file_uploader(key="t_values").upload("a.csv", b"price;x\n1,234;a\n2,500;b\n", "text/csv").run()
    assert not [frame for frame in at.dataframe if "first_token_floor" in frame.value.columns]
    assert "“1,234”" in at.radio(key="t_decimal").label
    at.radio(key="t_decimal").set_value("thousands: 1,299 is 1299").run()
    assert "2 values from the column price" in text_of(at)
    assert not at.exception


def test_text_without_a_tokenizer_says_how_to_get_one():
    assert "Load a tokenizer from the Hub" in text_of(page(t_view="My text"))


def test_languages_show_what_text_costs_and_what_is_unknown():
    at = page(t_view="Languages", t_fam=["T5", "GPT-2", "StarCoder2 (published)"], t_lang=["Greek", "German"])
    assert len(at.get("plotly_chart")) == 1
    said = text_of(at)
    assert "only its maker's word is known: StarCoder2" in said
    assert "can't spell the text: T5 (Greek)" in said
    everyone = table(at, "tokenizer", "el", "de")
    assert len(everyone) == 35
    assert everyone["el"].dropna().is_monotonic_increasing
    at.multiselect(key="t_lang").set_value([]).run()
    assert "at least one language" in text_of(at)
    assert not at.exception


def test_a_loaded_tokenizer_is_counted_in_every_language(hub, tmp_path):
    repo = f"zoo/byte_level-{tmp_path.name}"
    at = page(t_view="Languages", t_repo=[repo], t_fam=["GPT-2"], t_lang=["Greek"])
    at.session_state["t_text_cost_data"] = True
    at.run()
    figures = table(at, "tokens_per_1000_chars", "n_chars")
    assert figures["tokenizer"].tolist() == ["GPT-2", repo]
    assert figures["n_chars"].nunique() == 1


def test_a_tokenizer_from_the_hub_opens_every_view(hub, tmp_path):
    repos = [f"zoo/digits_split-{tmp_path.name}", f"zoo/byte_level-{tmp_path.name}"]
    at = page(t_repo=repos)
    figures = table(at, "single", "grouping")
    assert figures["status"].tolist() == ["loaded", "loaded", "computed", "computed", "computed"]
    assert figures["grouping"].tolist()[:2] == ["per digit", "irregular"]
    at.selectbox(key="t_from").set_value("999,000 to 999,999").run()
    assert len(table(at, "single", "grouping")) == 2
    assert "Left out" in text_of(at)
    at.segmented_control(key="t_ctx").set_value("in my own text").run()
    at.text_input(key="t_pre").set_value("EUR ").run()
    assert not at.exception
    at.segmented_control(key="t_view").set_value("My text").run()
    at.text_area(key="tokenizers_text").set_value("a [link](x) `code` $5 :red[no]\u200b").run()
    assert "background" in text_of(at)
    shown = text_of(at)
    assert "<E2>" in shown.replace("\\", "")  # a part of the zero-width space, made visible
    assert "[link](" not in shown
    assert table(at, "tokens_per_word")["exact"].all()
    at.text_area(key="tokenizers_examples").set_value("one 1\ntwo 22\nthree 333").run()
    assert (table(at, "proposed")["proposed"] % 8 == 0).all()
    assert "tokens spell the same in both" in text_of(at)
    at.segmented_control(key="t_view").set_value("My targets").run()
    assert len(table(at, "first_token_floor", "median_error")) == 5
    assert not at.exception


def test_an_encoding_can_be_stopped_and_begun_again(hub, tmp_path, monkeypatch):
    at = page(t_repo=[f"zoo/digits_split-{tmp_path.name}"], t_view="My targets")
    assert len(table(at, "first_token_floor")) == 4

    def stopped_at_once(work, *, said, key, on_stop):
        progress = Progress()
        progress.cancel.set()
        with pytest.raises(CancelledByReaderError):
            work(progress)
        on_stop()

    with monkeypatch.context() as patched:
        patched.setattr(targets, "wait_for", stopped_at_once)
        at.text_area(key="tokenizers_pasted").set_value("10\n19\n25").run()
    assert len(table(at, "first_token_floor")) == 3
    at.run()
    assert "You stopped the encoding" in at.info[0].value
    at.button(key="t_encode").click().run()
    assert len(table(at, "first_token_floor")) == 4
    assert not at.info
    assert not at.exception


def test_failures_keep_the_page_up_and_can_be_tried_again(hub, tmp_path):
    repo = f"zoo/digits_split-{tmp_path.name}"
    hub.fault("/api/models/zoo", status=503)
    at = page(t_repo=[repo, "meta-llama/Llama-3.1-8B", "not a name"])
    said = " ".join(error.value for error in at.error).replace("\\", "")
    assert "returned a server error (503)" in said
    assert "gated" in said
    assert "Request access" in said
    assert "choose Llama 3" in said
    assert "could not be used: t_repo" in text_of(at).replace("\\", "")  # it never reaches the loader
    assert table(at, "single", "grouping")["single"].tolist() == [1000, 819, 10]
    asked = len(hub.requests)
    at.segmented_control(key="t_ctx").set_value("alone").run()
    assert len(hub.requests) == asked  # a failure is not asked for again at every change
    hub.heal()
    at.button(key=f"t_again_{repo}").click().run()
    assert "loaded" in table(at, "single", "grouping")["status"].tolist()
    assert not at.exception


def test_a_link_with_nonsense_is_said_and_left_out():
    at = page(t_fam=["Nonsense"], t_ctx="upside down", t_num="-5")
    assert "could not be used" in text_of(at)
    assert not at.exception


def test_the_page_of_facts_imports_no_tokenizer_library():
    code = (
        "from tests.pages.test_tokenizers import page; import sys; page(); page(t_view='My targets'); "
        "print([m for m in ('tokenizers', 'transformers', 'torch', 'sentencepiece') if m in sys.modules])"
    )
    # The zoo of this module trains tokenizers; without it, only the page decides what is imported.
    code = "import sys, types; sys.modules['tests.tokenizer_zoo'] = types.SimpleNamespace(style=0); " + code
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def languages_after_decide(**link: str) -> AppTest:
    at = open_page("pages/decide.py", d_lang=["Korean", "Greek"])
    at.query_params.clear()
    for name, value in {"t_view": "Languages", **link}.items():
        at.query_params[name] = value
    return at.switch_page("pages/tokenizers.py").run()


def test_languages_chosen_on_decide_open_the_languages_here() -> None:
    at = languages_after_decide()
    assert not at.exception
    assert at.multiselect(key="t_lang").value == ["Korean", "Greek"]
    at.multiselect(key="t_lang").set_value(["French"]).run()
    assert at.multiselect(key="t_lang").value == ["French"], "the reader's own choice stays"


def test_a_links_languages_go_before_those_of_decide() -> None:
    assert languages_after_decide(t_lang="Polish").multiselect(key="t_lang").value == ["Polish"]
