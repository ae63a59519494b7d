"""bitexbit: API v1 with its charts, API v2, and the gateway."""
