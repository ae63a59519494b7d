"""Runs in hummingbot's environment: keys are saved by hummingbot's own code, or read from its files again."""

import json
import sys
from pathlib import Path

from hummingbot.client.config import config_crypt, config_helpers, security
from hummingbot.client.config.config_helpers import ClientConfigAdapter
from hummingbot.client.settings import AllConnectorSettings

PASSWORD = "quite a password"


def main(mode: str, folder: Path) -> None:
    config_helpers.CONNECTORS_CONF_DIR_PATH = folder / "connectors"
    verified = folder / "password"
    config_crypt.PASSWORD_VERIFICATION_PATH = security.PASSWORD_VERIFICATION_PATH = verified
    manager = config_crypt.ETHKeyFileSecretManger(PASSWORD)
    if mode == "save":
        (folder / "connectors").mkdir()
        config_crypt.store_password_verification(manager)
    assert security.Security.login(manager)
    keys = json.loads(sys.stdin.read())
    told = {name: save(name, given) for name, given in keys.items()} if mode == "save" else {}
    print(
        "\n" + json.dumps({"told": told, "keys": {name: security.Security.api_keys(name) for name in keys}})
    )


def save(name: str, given: dict[str, str]) -> list[str]:
    """As `hbot connect` does; what it asks."""
    from hummingbot.cli.commands.connect import _connect_key_fields, _prompt_text

    config = ClientConfigAdapter(AllConnectorSettings.get_connector_config_keys(name))
    fields = _connect_key_fields(config)
    assert all(field.client_field_data.is_secure for field in fields)
    asked = [_prompt_text(field, config) for field in fields]
    for field in fields:
        setattr(config, field.attr, given[field.attr])
    shown = repr(config) + "".join(item.printable_value for item in config.traverse())
    assert not [value for value in given.values() if value in shown], shown
    security.Security.update_secure_config(config)
    return asked


main(sys.argv[1], Path(sys.argv[2]))
