"""The names of credentials, as ccxt's exchanges have them. It does without ccxt, which some import later."""

CREDENTIALS = (
    "apiKey",
    "secret",
    "uid",
    "accountId",
    "login",
    "password",
    "twofa",
    "privateKey",
    "walletAddress",
    "token",
)

#: Those that tell whose an account is, and are no secret.
PUBLIC = ("accountId", "walletAddress")

SECRET = tuple(name for name in CREDENTIALS if name not in PUBLIC)
