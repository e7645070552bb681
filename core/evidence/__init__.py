"""How far the signals of this tool can be trusted: its rankings against published results of fine-tuning."""
