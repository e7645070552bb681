"""The Leaderboard page: opening view, filters, ranking, one selection, links, and nothing that raises."""

import random
from types import SimpleNamespace
from urllib.parse import parse_qs

import pandas as pd
import pytest
import streamlit as st

from core.languages import load_languages
from core.ranking import filters
from core.ranking.ranks import rank_board
from core.readiness.short import load_readiness
from pages.parts.leaderboard import selection
from pages.parts.shell.model_link import NAME_IN_URL
from tests import boards
from tests.page_driver import SEEDS, disturb, open_page, words

PAGE = "pages/leaderboard.py"


def table(at):
    """With names for the addresses that lead to the models' pages."""
    shown = at.dataframe(key="board_table").value
    return shown.assign(model_id=shown["model_id"].str.replace(f".*{NAME_IN_URL}.*", r"\1", regex=True))


def opening():
    return rank_board(
        filters.apply(boards.today(), filters.BoardFilter(), ranked_by="average").rows, "average"
    )


def test_opens_with_base_models_up_to_nine_billion_best_first() -> None:
    at = open_page(PAGE)
    assert not at.exception
    assert table(at)["model_id"].tolist() == opening()["model_id"].tolist()
    assert at.select_slider(key="size").value == (0, 9)


def test_the_table_has_at_most_thirteen_columns_until_more_are_asked_for() -> None:
    assert table(open_page(PAGE)).shape[1] <= 13
    further = table(open_page(PAGE, cols=["Licence", "Context (tokens)"]))
    assert {"license", "context_length"} <= set(further.columns)


def test_the_width_of_a_phone_holds_rank_score_and_interval() -> None:
    assert list(table(open_page(PAGE)).columns)[:4] == ["model_id", "rank", "score", "interval"]


def test_placed_bases_are_told_from_measured_ones_and_carry_their_interval() -> None:
    rows = table(open_page(PAGE)).set_index("model_id")
    placed = rows[rows["kind"].str.join(" · ").str.contains("placed")]
    names = boards.today().set_index("model_id").loc[placed.index]
    assert set(names["evidence"]) == {"placed"}
    name = placed.index[0]
    low, high = names.loc[name, ["average_low", "average_high"]]
    assert placed.loc[name, "interval"] == f"{low:.0f}–{high:.0f}"
    assert placed.loc[name, "released"] == names.loc[name, "released"]


def test_a_base_placed_by_size_alone_shows_only_when_asked_for() -> None:
    lone = boards.today()[
        (boards.today()["evidence"] == "size only") & boards.today()["params_b"].between(1, 9)
    ]["model_id"].iloc[0]
    at = open_page(PAGE)
    assert lone not in set(table(at)["model_id"])
    at.toggle(key="sizeonly").set_value(True).run()
    assert lone in set(table(at)["model_id"])


def test_the_board_as_it_was_shows_no_placed_base() -> None:
    at = open_page(PAGE, field="board")
    view = rank_board(
        filters.apply(boards.board(), filters.BoardFilter(), ranked_by="average").rows, "average"
    )
    assert table(at)["model_id"].tolist() == view["model_id"].tolist()
    assert at.query_params["field"] in ("board", ["board"])
    at.button_group(key="field_switch").set_value("Today’s bases").run()
    assert len(table(at)) == len(opening())


def test_only_what_was_released_since_a_month() -> None:
    rows = table(open_page(PAGE, since="2026-01"))
    assert len(rows) > 5
    assert (rows["released"].astype(str) >= "2026-01").all()


def test_ranks_are_intervals_and_the_tie_is_said() -> None:
    at = open_page(PAGE, newer="false", field="board")
    assert any("–" in rank for rank in table(at)["rank"])
    view = rank_board(filters.apply(boards.board(), filters.BoardFilter(newer=False)).rows, "average")
    firsts = int((view["rank_low"] == 1).sum())
    assert firsts > 1
    assert f"{firsts} of the rows in view could be first" in words(at)


def test_shown_and_hidden_are_counted_with_reasons() -> None:
    text = words(open_page(PAGE))
    assert f"{len(opening()):,} of {len(boards.today()):,} rows shown" in text
    assert "not of the kinds shown" in text
    assert "outside the size range" in text


def test_the_size_slider_narrows_the_view() -> None:
    at = open_page(PAGE)
    at.select_slider(key="size").set_range(1, 3).run()
    assert set(table(at)["model_id"]) == set(
        filters.apply(boards.today(), filters.BoardFilter(size=(1, 3))).rows["model_id"]
    )


def test_up_to_nine_holds_the_whole_gemma_family() -> None:
    assert "google/gemma-2-9b" in set(table(open_page(PAGE))["model_id"])


def test_a_link_restores_what_was_chosen() -> None:
    at = open_page(PAGE, size=["0", "3"], by="IFEval", q="qwen2.5-3b", base="false")
    assert not at.exception
    assert not at.warning
    assert at.select_slider(key="size").value == (0, 3)
    assert at.selectbox(key="by").value == "IFEval"
    assert table(at)["ifeval"].is_monotonic_decreasing
    assert at.text_input(key="q").value == "qwen2.5-3b"
    assert "Found in view" in words(at)


@pytest.mark.parametrize(
    "query",
    [{"size": ["7"]}, {"size": ["9", "0"]}, {"size": ["0", "8.7"]}, {"by": "hellaswag"}, {"base": "maybe"},
     {"pub": "<b>"}, {"w_bbh": "99"}, {"nonsense": "1"}, {"q": "x" * 500}],
)  # fmt: skip
def test_a_broken_link_opens_and_says_what_was_dropped(query) -> None:
    at = open_page(PAGE, **query)
    assert not at.exception
    assert any("could not be used" in warning.value for warning in at.warning)


def test_own_weights_rank_by_what_they_say() -> None:
    at = open_page(PAGE)
    at.selectbox(key="by").set_value("My own weights").run()
    for key in ("w_ifeval", "w_bbh", "w_gpqa", "w_musr", "w_mmlu_pro"):
        at.slider(key=key).set_value(0)
    at.run()
    assert table(at)["math_lvl_5"].is_monotonic_decreasing
    at.slider(key="w_math_lvl_5").set_value(0).run()
    assert not at.exception
    assert "All weights are 0" in words(at)


def test_an_empty_view_explains_itself_and_leads_back() -> None:
    at = open_page(PAGE, pub="HPLT")
    assert "No row passes all filters" in words(at)
    assert "of other publishers" in words(at)
    at.button(key="board_reset_empty").click().run()
    assert len(table(at)) == len(opening())


def test_a_search_marks_and_changes_neither_ranks_nor_headline() -> None:
    before, at = open_page(PAGE), open_page(PAGE)
    at.text_input(key="q").set_value("qwen3 8b").run()
    was, now = table(before), table(at)
    assert now["rank"].tolist() == was["rank"].tolist()
    marked = now["mark"] != ""
    assert was.loc[marked, "model_id"].tolist() == ["Qwen/Qwen3-8B-Base"]
    headline = next(line for line in words(before).splitlines() if "leads with" in line)
    assert headline in words(at)


def test_what_is_on_the_shortlist_is_marked_and_not_offered_again() -> None:
    at = open_page(PAGE, pick="Qwen/Qwen3-8B-Base")
    assert table(at).set_index("mark")["model_id"].drop("").tolist() == ["Qwen/Qwen3-8B-Base"]
    at.text_input(key="q").set_value("qwen3 8b").run()
    assert table(at)["mark"].max() == "★►"
    assert "On your shortlist" in words(at)
    assert not [button for button in at.button if button.key == "board_pick_found"]


def test_a_name_opens_its_page_in_a_new_session_with_the_shortlist_and_the_field() -> None:
    at = open_page(PAGE, pick=["Qwen/Qwen2.5-7B", "google/gemma-2-9b"], field="board")
    for address in at.dataframe(key="board_table").value["model_id"]:
        asked = parse_qs(address.partition("?")[2])
        assert set(asked) == {"id", "pick", "field"}
        assert asked["pick"] == ["Qwen/Qwen2.5-7B", "google/gemma-2-9b"]
        assert asked["field"] == ["board"]


def test_on_thousands_of_rows_a_long_shortlist_stays_behind() -> None:
    picks = [f"Qwen/Qwen2.5-{size}B" for size in ("0.5", "1.5", "3", "7", "14", "32", "72")]
    at = open_page(PAGE, pick=picks, field="board", base="false")
    addresses = at.dataframe(key="board_table").value["model_id"]
    assert len(addresses) > 3_000
    leading = addresses[addresses.str.startswith("model?id=")]
    assert leading.str.endswith("&field=board").all()
    assert not addresses.str.contains("pick=").any()
    few = open_page(PAGE, pick=picks, field="board").dataframe(key="board_table").value["model_id"]
    assert few.str.count("&pick=").eq(len(picks)).all()


def test_a_search_says_what_the_filters_hide_and_lets_it_in() -> None:
    at = open_page(PAGE, q="Ministral-3-14B-Base")
    assert "outside your filters" in words(at)
    assert "outside the size range" in words(at)
    at.button(key="board_let_in").click().run()
    assert (table(at)["mark"] != "").any()
    assert at.select_slider(key="size").value == (0, 150)
    assert at.toggle(key="base").value is True


def test_a_search_says_that_no_base_was_published_and_which_is_nearest() -> None:
    text = words(open_page(PAGE, q="Qwen3-32B-Base"))
    assert "no base was published" in text
    assert "Qwen/Qwen3-14B-Base" in text


def test_a_search_for_what_nobody_knows_suggests_and_leads_to_the_data_page() -> None:
    at = open_page(PAGE, q="Qwen3-8B-Bace")
    assert "No model here has" in words(at)
    assert "Did you mean" in words(at)


def test_phi_3_is_findable_and_says_it_is_instruct_only() -> None:
    at = open_page(PAGE, q="phi3 mini 4k")
    assert "published without a base" in words(at)
    assert "microsoft/Phi-3-mini-4k-instruct" in words(at)
    at.toggle(key="base").set_value(False).run()
    found = table(at).set_index("mark")["model_id"]
    assert "microsoft/Phi-3-mini-4k-instruct" in set(found.drop(""))


def test_newer_bases_are_marked_in_the_table_and_can_be_switched_off() -> None:
    at = open_page(PAGE)
    rows = table(at).set_index("model_id")
    assert "later study" in rows.loc["Qwen/Qwen3-8B-Base", "kind"]
    at.toggle(key="newer").set_value(False).run()
    assert "Qwen/Qwen3-8B-Base" not in set(table(at)["model_id"])


def test_reported_kinds_bring_back_the_board_own_answer() -> None:
    at = open_page(PAGE)
    assert "meta-llama/Llama-3.1-8B" in set(table(at)["model_id"])
    at.toggle(key="reported").set_value(True).run()
    reported = set(table(at)["model_id"])
    assert "meta-llama/Llama-3.1-8B" not in reported
    assert "meta-llama/Llama-3.1-8B-Instruct" in reported


def test_overrides_are_listed_with_their_reason() -> None:
    at = open_page(PAGE)
    at.session_state["board_overrides"] = True
    at.run()
    listed = at.dataframe[-1].value.set_index("model_id")
    assert listed.loc["meta-llama/Llama-3.1-8B", "reported_kind"] == "finetune"
    assert listed["kind_evidence"].str.len().gt(0).all()


def rows_drawn(at) -> list[int]:
    """Index labels of the table's rows, from top to bottom."""
    return list(at.session_state["ticks_drawn_board_table"][-1].rows)


def pick(at, rows, *, more=False):
    """Tick rows as the browser does: the state changes and the callback runs."""
    held = at.session_state["board_picked"] if more else []
    at.session_state["board_picked"] = [*held, *(rows_drawn(at)[row] for row in rows)]
    return at.run()


def test_ticked_rows_go_to_the_shortlist_and_into_the_address() -> None:
    at = pick(open_page(PAGE), [1, 3])
    names = table(at)["model_id"].iloc[[1, 3]].tolist()
    at.button(key="board_add").click().run()
    assert at.session_state["shortlist"] == names
    assert at.query_params["pick"] == names
    assert at.button(key="board_add").disabled


def test_ticks_follow_the_model_when_the_order_changes() -> None:
    at = pick(open_page(PAGE), [4])
    name = table(at)["model_id"].iloc[4]
    at.selectbox(key="by").set_value("IFEval").run()
    row = table(at)["model_id"].tolist().index(name)
    assert at.session_state["board_table"]["selection"]["rows"] == [row]


def test_what_a_filter_hides_is_neither_added_nor_lost() -> None:
    at = pick(open_page(PAGE), [0, 1])
    small = table(at).query("params_b <= 0.5")["model_id"].iloc[0]
    at.select_slider(key="size").set_range(0, 0.5).run()
    assert at.button(key="board_add").disabled
    assert "2 ticked rows hidden by the filters" in words(at)
    at = pick(at, [0], more=True)
    assert "Add 1 model" in at.button(key="board_add").label
    at.button(key="board_add").click().run()
    assert at.session_state["shortlist"] == [small]
    at.select_slider(key="size").set_range(0, 9).run()
    assert at.session_state["board_table"]["selection"]["rows"] == [0, 1]
    assert "hidden by the filters" not in words(at)


def test_all_picks_can_be_taken_away_hidden_ones_too() -> None:
    at = pick(open_page(PAGE), [0, 1])
    at.select_slider(key="size").set_range(0, 0.5).run()
    at.button(key="board_unpick").click().run()
    at.select_slider(key="size").set_range(0, 9).run()
    assert at.session_state["board_table"]["selection"]["rows"] == []


def test_a_point_says_which_row_it_is_whatever_was_drawn_since(monkeypatch) -> None:
    monkeypatch.setattr(st, "rerun", lambda _fragment: None)
    monkeypatch.setattr(st, "session_state", {})

    def click(*points: dict[str, object]) -> list[int]:
        st.session_state["board_chart"] = {"selection": {"points": list(points)}}
        selection.from_chart()
        return st.session_state["board_picked"]

    ring = {"curve_number": 4, "point_index": 0}
    assert click({"curve_number": 0, "point_index": 9, "customdata": 7}, ring) == [7]
    assert click({"customdata": 2}, {"customdata": 7}) == [7, 2]
    assert click({"customdata": 7}) == [2]


def test_picks_stay_with_their_models_on_another_board(monkeypatch) -> None:
    def view(key, *models):
        return SimpleNamespace(board=pd.DataFrame({"model_id": models}), shared=SimpleNamespace(key=key))

    monkeypatch.setattr(st, "session_state", {"board_picked": [0, 2]})
    selection.sync(view("one", "a", "b", "c"), [2, 1, 0], frozenset())
    assert st.session_state["board_table"]["selection"]["rows"] == [0, 2]
    selection.sync(view("other", "c", "d", "c"), [0, 1, 2], frozenset())
    assert selection.current() == [0]
    assert selection.hidden() == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_no_combination_of_controls_raises(seed: int) -> None:
    rng = random.Random(seed)
    at = open_page(PAGE)
    steps = []
    for _ in range(20):
        steps.append(disturb(at, rng, ("board_table",)))
        assert not at.exception, steps


def test_a_language_adds_a_column_with_its_interval_and_changes_no_rank() -> None:
    plain, asked = table(open_page(PAGE)), table(open_page(PAGE, lang=["German", "Korean"]))
    assert asked["rank"].tolist() == plain["rank"].tolist()
    rows = asked.set_index("model_id")
    known = load_languages().query("language == 'de'").set_index("model_id")
    name = next(model for model in rows.index if model in known.index)
    assert rows.loc[name, "de"] == pytest.approx(known.loc[name, "score"], abs=0.06)
    assert rows.loc[name, "de_interval"] == f"{known.loc[name, 'low']:.0f}–{known.loc[name, 'high']:.0f}"
    untested = [model for model in rows.index if model not in known.index]
    assert rows.loc[untested, "de"].isna().all()


def test_a_card_hides_what_is_known_not_to_fit_and_nothing_unknown() -> None:
    at = open_page(
        PAGE, card="T4 16 GB (Colab, Kaggle)", size=["0", "150"], unknown="true", cols=["Memory (QLoRA)"]
    )
    rows = table(at)
    assert rows["memory_gb"].max() <= 15.8
    assert rows["memory_gb"].isna().any()
    assert "too large for the card" in words(at)


def test_plain_hugging_face_only_hides_what_is_known_to_need_more() -> None:
    everything = open_page(PAGE, size=["0", "150"])
    some = open_page(PAGE, size=["0", "150"], plainhf="true")
    gone = set(table(everything)["model_id"]) - set(table(some)["model_id"])
    known = load_readiness().set_index("model_id")["plain_hf"]
    assert gone
    assert not known.reindex(sorted(gone)).any()


def test_rows_can_be_ordered_and_ranks_stay() -> None:
    by_rank, by_date = table(open_page(PAGE)), table(open_page(PAGE, sort="Newest first"))
    dates = by_date["released"].dropna().tolist()
    assert dates == sorted(dates, reverse=True)
    ranks = by_rank.set_index("model_id")["rank"]
    assert by_date.set_index("model_id")["rank"].equals(ranks.loc[by_date["model_id"]])


def test_ticks_follow_the_models_into_another_order() -> None:
    at = open_page(PAGE)
    name = table(at)["model_id"].iloc[2]
    at.session_state["board_picked"] = [rows_drawn(at)[2]]
    at.selectbox(key="sort").set_value("Smallest first").run()
    ticked = at.session_state["board_table"]["selection"]["rows"]
    assert table(at)["model_id"].iloc[ticked].tolist() == [name]


def test_every_name_leads_to_the_models_page_and_what_fits_says_so() -> None:
    rows = open_page(PAGE, card="T4 16 GB (Colab, Kaggle)").dataframe(key="board_table").value
    assert rows["model_id"].str.startswith("model?id=").all()
    assert rows["kind"].str.join(" ").str.contains("fits: ").any()
    gated = boards.today().drop_duplicates("model_id").set_index("model_id")["gated"]
    told = rows.set_index(rows["model_id"].str.removeprefix("model?id="))["kind"].map(
        lambda notes: "gated" in notes
    )
    assert told.equals(gated.loc[told.index].fillna(value=False).astype(bool).rename("kind"))
