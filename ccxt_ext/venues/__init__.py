"""One folder a venue: metadata, protocol (pure), rest (I/O) and its generated sync twin."""
