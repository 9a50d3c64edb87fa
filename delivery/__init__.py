"""One way in and one way out: inbox to events, outbox through the gate to a channel."""
