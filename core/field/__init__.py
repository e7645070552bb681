"""What a reader chooses from: measured bases and those placed from published tables, in one frame."""
