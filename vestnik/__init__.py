"""The words and rules of Vestnik; standard library only, no input or output."""
