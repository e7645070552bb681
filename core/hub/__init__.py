"""What is asked of the Hugging Face Hub, and kept of its answers."""
