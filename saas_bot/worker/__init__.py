"""Work nobody waits for: sending what is in the outbox, and periodic jobs."""
