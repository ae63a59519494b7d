"""The credentials that hummingbot asks for, from those that ccxt needs."""

from __future__ import annotations

import re
from typing import Any

from ccxt_ext.integrations.hummingbot.row import Row

WORDS = {
    "apiKey": "API key",
    "secret": "API secret",
    "uid": "uid (the memo of the API key, or the number of the user)",
    "accountId": "account id",
    "login": "login",
    "password": "API password (passphrase)",
    "twofa": "secret of two-factor authentication",
    "privateKey": "private key",
    "walletAddress": "wallet address",
    "token": "token",
}


def credentials(row: Row) -> tuple[str, ...]:
    """ccxt's names of what the exchange needs."""
    return row.credentials


def field_name(name: str, credential: str) -> str:
    """hummingbot's name of a credential: each begins with the connector's."""
    words = re.sub("([A-Z])", r"_\1", credential).lower()
    return f"{name}_{words}"


def prompt(row: Row, credential: str) -> str:
    """What hummingbot's user is asked, which also says by whom the connector is not tested."""
    asked = f"Enter your {row.name} {WORDS.get(credential, credential)}"
    return asked if row.tested else f"{asked} (ccxt-ext has not tested {row.id})"


def config_map(row: Row, module: str) -> Any:
    """The class of what hummingbot keeps of a connector, in files of its own, where secrets are encrypted."""
    from hummingbot.client.config.config_data_types import BaseConnectorConfigMap
    from pydantic import Field, SecretStr, create_model

    told = {"is_secure": True, "is_connect_key": True, "prompt_on_new": True}
    fields: dict[str, Any] = {"connector": (str, row.name)}
    for credential in credentials(row):
        field = Field(default=..., json_schema_extra={"prompt": prompt(row, credential), **told})
        fields[field_name(row.name, credential)] = (SecretStr, field)
    name = f"{row.class_name}ConfigMap"
    kind: Any = create_model(name, __base__=BaseConnectorConfigMap, __module__=module, **fields)
    kind.model_config["title"] = row.name
    return kind
