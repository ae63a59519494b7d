"""bitmaxfutures over WebSocket: one module for each of the things that its feed keeps."""
