"""The server behind the app: warm-up, compression, reconnects."""
