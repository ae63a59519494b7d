"""BitMax's WebSocket: connections, the requests that come over them, and the channels."""
