"""What Basewise knows and computes. Nothing in here imports Streamlit."""
