"""How a tokenizer cuts numbers and text. The names other code calls stand in :mod:`core.tokenizers`."""
