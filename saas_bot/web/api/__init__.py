"""The admin API, `/api/v1` on `API_PORT`: what the chat does, for programs."""
