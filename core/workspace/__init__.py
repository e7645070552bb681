"""What readers bring: their own rows, tokenizers and pilots, and where they are kept."""
