"""Real workers against a Telegram that fails, and against one that keeps its rates.

The suite runs a short form; `make soak` the long one, and prints what it counted.
"""
