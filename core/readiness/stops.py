"""Will a tuned model stop? From the files, what was published, and the embedding rows where read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from core.readiness.result import Finding, Stops
from core.readiness.tables import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.readiness.template import Template
    from core.readiness.tokens import Tokens

State = Literal["trained", "untrained", "doubtful", "unknown"]
_OPEN_R1: Final = "https://github.com/huggingface/open-r1 (README, 1416fa0)"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whether a token was trained, and who says so.

    Attributes:
        state: trained, untrained, doubtful or unknown.
        what: the statement, in a sentence; "" where nothing is known.
        source: a file's name, or a link.
        date: of the statement, ISO 8601.
    """

    state: State = "unknown"
    what: str = ""
    source: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a tuned model will stop: the verdict, its reason, the end token to train on, and findings.

    ``end_trained``: whether that end token was trained; None where unknown.
    """

    stops: Stops
    why: str
    end_token: str | None
    end_token_id: int | None
    findings: tuple[Finding, ...] = ()
    end_trained: bool | None = None


def decide(
    config: dict[str, Any],
    tokens: Tokens,
    template: Template,
    rows: Mapping[int, str] | None = None,
    *,
    tokenizer_read: bool = True,
) -> Verdict:
    """The verdict.

    Args:
        config: the text config, for the published statements about a class.
        tokens: special tokens of the files.
        template: the chat template, read statically.
        rows: token id -> "trained" or "untrained", where embedding rows were read.
        tokenizer_read: whether the tokenizer's files were among those given.
    """
    document = _document_end(tokens)
    chat = _chat_end(tokens, template)
    if document is None and chat is None:
        return Verdict("unknown", "The files name no end token.", None, None)
    if not tokenizer_read:
        text, token_id = _named(tokens, document)
        why = "The tokenizer's files are missing, so neither the template nor the chat tokens were read."
        return Verdict("unknown", why, text, token_id)
    known = evidence(config, tokens, document, rows) if document is not None else Evidence()
    document_name, document_id = _named(tokens, document)
    if known.state == "untrained" and (chat is None or chat == document):
        why = f"The end token {document_name} itself was not trained in the base."
        findings = _train(known, document_name)
        return Verdict("needs trained chat tokens", why, document_name, document_id, findings, False)
    if chat is None or chat == document:
        verdict = _by_document(tokens, template, document)
        return replace(verdict, end_trained=_known(known))
    said = evidence(config, tokens, chat, rows)
    verdict = _by_chat(tokens, template, document, chat, said)
    return replace(verdict, end_trained=_known(said if verdict.end_token_id == chat else known))


def _known(said: Evidence) -> bool | None:
    return {"trained": True, "untrained": False}.get(said.state)


def _document_end(tokens: Tokens) -> int | None:
    """The end of a text in pre-training: the end token of the files that is no chat token."""
    own = tokens.tokenizer_id("eos")
    ends = [*tokens.config_ids("eos"), *([own] if own is not None else [])]
    chat = {tokens.ids[token] for token in tokens.chat_ends}
    plain = [token_id for token_id in ends if token_id not in chat]
    # A class's default id, left in a config, names an ordinary word or nothing in this vocabulary.
    named = [token_id for token_id in plain if tokens.text(token_id) is not None]
    pads = tokens.config_ids("pad")
    common = next((t for t in ("<|endoftext|>", "<|end_of_text|>", "<eos>") if t in tokens.ids), None)
    if plain:
        return (named or plain)[0]
    if common is not None:
        return tokens.ids[common]
    if ends and not chat:
        return ends[0]
    return pads[0] if pads and not ends else None


def _chat_end(tokens: Tokens, template: Template) -> int | None:
    """The token a chat's turn ends with: by the template, else the tokenizer, else the vocabulary."""
    end = tokens.names.get("eos", "") if template.end == "eos_token" else template.end
    if end in tokens.ids:
        return tokens.ids[end]
    own = tokens.tokenizer_id("eos")
    if own is not None and tokens.text(own) in tokens.chat_ends:
        return own
    return tokens.ids[tokens.chat_ends[0]] if tokens.chat_ends else None


def _named(tokens: Tokens, token_id: int | None) -> tuple[str | None, int | None]:
    if token_id is None:
        return None, None
    return tokens.text(token_id), token_id


def evidence(
    config: dict[str, Any], tokens: Tokens, token_id: int, rows: Mapping[int, str] | None = None
) -> Evidence:
    """Whether a token was trained: measured, else claimed by the publisher's own configs, else published."""
    measured = (rows or {}).get(token_id)
    name = tokens.text(token_id) or str(token_id)
    if measured in {"trained", "untrained"}:
        how = "like those of ordinary tokens" if measured == "trained" else "unlike those of ordinary tokens"
        state: State = "trained" if measured == "trained" else "untrained"
        return Evidence(state, f"The embedding row of {name} is {how}.", "embedding rows of the weights")
    published = _published(config, name, token_id)
    claimed = token_id in tokens.config_ids("eos") and token_id in {
        tokens.ids.get(t) for t in tokens.chat_ends
    }
    if claimed and published.state != "trained":
        what = f"The model's own configs stop at {name}."
        return Evidence("trained", what, "config.json, generation_config.json")
    return published


def _published(config: dict[str, Any], name: str, token_id: int) -> Evidence:
    model_type = str(config.get("model_type", "")).removesuffix("_text")
    for row in table("chat_tokens"):
        if row["model_type"] != model_type or row["token"] != name:
            continue
        if row["token_id"] and int(row["token_id"]) != token_id:
            continue
        wanted = (pair.partition("=") for pair in row["where"].split())
        if all(str(config.get(key)) == value for key, _, value in wanted):
            return Evidence(row["state"], row["what"], row["source"], row["date"])  # type: ignore[arg-type]
    return Evidence()


def _by_document(tokens: Tokens, template: Template, document: int | None) -> Verdict:
    name, token_id = _named(tokens, document)
    shown = name or str(token_id)
    if template.present and template.end:
        why = f"The template ends turns with {shown}, which also ends texts in pre-training."
        return Verdict("as it is", why, name, token_id)
    lacks = "there is no template" if not template.present else "the template's end could not be read"
    why = f"{shown} ends texts in pre-training, but {lacks}: train with one that ends every answer with it."
    return Verdict("needs an end token", why, name, token_id, _template(shown))


def _by_chat(tokens: Tokens, template: Template, document: int | None, chat: int, said: Evidence) -> Verdict:
    name, chat_id = _named(tokens, chat)
    shown = name or str(chat_id)
    end_name, end_id = _named(tokens, document)
    end = end_name or str(end_id)
    if said.state == "untrained":
        why = (
            f"{shown} is in the vocabulary, but was not trained: adapters alone will not learn to produce it."
        )
        findings = _train(said, shown, "" if document is None else end)
        return Verdict("needs trained chat tokens", why, end_name or name, end_id or chat_id, findings)
    note = _note(said, shown)
    if template.present and template.end and said.state == "trained":
        why = f"The template ends turns with {shown}. {said.what}"
        return Verdict("as it is", why, name, chat_id, note)
    if document is None:
        if said.state == "trained":
            why = f"{said.what} There is no template that could be read."
            return Verdict("needs an end token", why, name, chat_id, (*note, *_template(shown)))
        return Verdict("unknown", f"Nothing tells whether {shown} was trained.", name, chat_id, note)
    if said.state == "trained" and chat == tokens.tokenizer_id("eos"):
        lacks = "The template's end could not be read" if template.present else "There is no template"
        why = f"{said.what} {lacks}: use one that ends every answer with it."
        return Verdict("needs an end token", why, name, chat_id, (*note, *_template(shown)))
    unsure = "is doubtful" if said.state == "doubtful" else "is not known"
    why = f"Whether {shown} was trained {unsure}; {end} ends texts in pre-training and is the one to use."
    return Verdict("needs an end token", why, end_name, end_id, (*note, *_template(end)))


def _note(said: Evidence, shown: str) -> tuple[Finding, ...]:
    if said.state == "unknown":
        what = f"Nobody has published whether {shown} was trained, and its embedding row was not read."
        remedy = "Read the row's norm against those of ordinary tokens before relying on it."
        return (Finding("chat.unknown", "not checked", what, remedy, "model.safetensors"),)
    if said.state == "doubtful":
        remedy = "End answers with the token that ends texts in pre-training, or read the row's norm first."
        why = "If it was not trained, adapters alone won't learn to stop at it."
        return (Finding("chat.doubtful", "warning", said.what, remedy, said.source, why, said.date),)
    return (Finding(f"chat.{said.state}", "note", said.what, "", said.source, date=said.date),)


def _train(said: Evidence, shown: str | None, instead: str = "") -> tuple[Finding, ...]:
    other = f"Use a plain template that ends with {instead}, or t" if instead and instead != shown else "T"
    return (
        Finding(
            "chat.untrained",
            "stop",
            said.what,
            f"{other}rain the rows of the chat tokens (trainable_token_indices, or embed_tokens "
            "and lm_head), or first set them to the mean of trained rows.",
            said.source,
            why="With embeddings frozen the model runs on to the length limit.",
            date=said.date,
        ),
    )


def _template(end: str) -> tuple[Finding, ...]:
    return (
        Finding(
            "template.needed",
            "warning",
            f"No template of these files ends an answer with {end}.",
            f"Set a chat template whose assistant turns end with {end}, and check one "
            "training example for it.",
            _OPEN_R1,
            why="What is not in the training text can't be learnt: the tuned model would not stop.",
            date="2026-11-29",
        ),
    )
