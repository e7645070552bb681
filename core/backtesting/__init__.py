"""Parts of the backtest: outcomes, signals, statistics."""
