"""GPU memory and time of fine-tuning: what an architecture takes, on which card, with which framework."""

from core.memory.estimate import MemoryEstimate, estimate_memory, estimate_qlora_memory

__all__ = ["MemoryEstimate", "estimate_memory", "estimate_qlora_memory"]
