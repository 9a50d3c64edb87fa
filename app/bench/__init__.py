"""Benchmarks: each is a ratio taken in one run against a ceiling beside it, never a bare time."""
