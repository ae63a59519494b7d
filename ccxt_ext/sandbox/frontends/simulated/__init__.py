"""Any id of ccxt's on the engine: unified methods as a small protocol of our own, over HTTP and WebSocket.

No venue is imitated here, neither its protocol nor its peculiarities. Each call bears the name of ccxt's
unified method, and its answer has what that method's structure has, with decimals as text.
"""
