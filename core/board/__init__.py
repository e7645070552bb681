"""The leaderboard's data: reading, repairing, storing."""
