"""What people see: pure functions from data to a screen, shared by the chat and the worker."""
