"""The repositories on both databases."""
