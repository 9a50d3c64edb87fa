"""The demo: emulated platforms, a cast of people and the whole story, with no token at all."""
