"""Where the outcomes come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Study:
    key: str
    title: str
    source: str
    link: str
    setting: str
    caution: str = ""


STUDIES: Final = {
    study.key: study
    for study in (
        Study(
            "loraland_310",
            "LoRA Land",
            "Zhao et al. 2024, “LoRA Land: 310 Fine-tuned LLMs that Rival GPT-4”, arXiv 2405.00732",
            "https://arxiv.org/abs/2405.00732",
            "10 models of 2 to 8 B, 31 tasks, one QLoRA recipe for all",
            "Four of the ten are instruct or chat versions of others among them.",
        ),
        Study(
            "rectified_scaling_law",
            "Rectified scaling law",
            "Lin et al. 2024, “Selecting Large Language Model to Fine-tune via Rectified Scaling Law”, ICML",
            "https://arxiv.org/abs/2402.02314",
            "30 models below 7 B, 3 tasks, growing amounts of data, test loss",
            "Models of 2019 to 2023, few of them on the board; losses over different vocabularies differ.",
        ),
        Study(
            "dbgpt_spider",
            "DB-GPT-Hub",
            "Zhou et al. 2024, “DB-GPT-Hub: Towards Open Benchmarking Text-to-SQL”, arXiv 2406.11434",
            "https://arxiv.org/abs/2406.11434",
            "9 chat models of 6 to 14 B, text to SQL (Spider), LoRA and QLoRA",
            "Its five rows per model are difficulties of one test set, not five tasks.",
        ),
        Study(
            "fingpt_sentiment",
            "FinGPT benchmark",
            "Wang et al. 2023, “FinGPT: Instruction Tuning Benchmark”, arXiv 2310.04793",
            "https://arxiv.org/abs/2310.04793",
            "7 models of 6 to 7 B, four sets of financial sentiment, LoRA",
        ),
        Study(
            "distil_labs_ranks",
            "distil labs",
            "distil labs, “What small language model is best for fine-tuning”",
            "https://www.distillabs.ai/blog/what-small-language-model-is-best-for-fine-tuning",
            "6 models of 0.6 to 8 B, mean rank over 8 and 9 tasks",
            "Only the first six ranks are published, so worse models are missing.",
        ),
        Study(
            "tinker_sweep",
            "Tinker sweep",
            "Thinking Machines Lab, tinker-cookbook, results of sft_sweep (Apache-2.0)",
            "https://github.com/thinking-machines-lab/tinker-cookbook/blob/"
            "9dfcc3a2cf44432d621a01005073dc6d76a1e87a/tinker_cookbook/recipes/chat_sl/results/sft_sweep.md",
            "35 models of 1 B and up, LoRA on Tulu 3, each at its best learning rate and rank, by test loss",
            "Compared only within one way of averaging and one tokenizer: 10 Qwen3 and 6 Llama 3 models. "
            "Those on the board are one family from 1 to 70 B: anything that grows with size orders them.",
        ),
        Study(
            "price_task_finetunes",
            "Price task, single runs",
            "ed-donner/llm_engineering and projects of its readers",
            "https://github.com/ed-donner/llm_engineering",
            "The course's price task, each run with its own recipe and test set",
            "Not tuned alike: no two models share a set-up, so nothing can be ranked.",
        ),
    )
}


def study_of(key: str) -> Study:
    """What is known of a study; a file nobody described stands for itself."""
    return STUDIES.get(key, Study(key, key.replace("_", " "), key, "", ""))
