"""Results and tables that people bring themselves, brought into the contract's columns."""
