"""What our classes ask of freqtrade's database, in freqtrade's own."""

import json
from pathlib import Path

from tests.clients.client_programs import Environment

PROGRAM = """
import json, sys
from datetime import datetime, timezone
from freqtrade.persistence import Order, Trade, init_db
from ccxt_ext.integrations.freqtrade.database import Database

database, pair = Database(), "BTC/USDT"
told = [database.is_open()]
init_db(sys.argv[1])
now = datetime.now(timezone.utc)
told += [database.is_open(), database.opened_at(pair), database.has_order("7", pair)]
trade = Trade(
    pair=pair, base_currency="BTC", stake_currency="USDT", exchange="bitmart2", open_rate=1.0, amount=1.0,
    stake_amount=1.0, fee_open=0.0, fee_close=0.0, is_open=True, open_date=now, leverage=1.0,
)
order = {"id": "7", "status": "closed", "price": 1.0, "amount": 1.0, "filled": 1.0, "side": "buy"}
trade.orders.append(Order.parse_from_ccxt_object({**order, "timestamp": now.timestamp() * 1000}, pair, "buy"))
Trade.session.add(trade)
told.append(database.has_order("7", pair))
Trade.commit()
ms = round(now.timestamp() * 1000)
told += [database.has_order("7", pair), database.has_order("7", "ETH/USDT"), database.has_order("8", pair)]
told += [database.orders_since(pair, ms - 1000), database.orders_since(pair, ms + 1000)]
told += [abs(database.opened_at(pair) - ms) <= 1, database.opened_at("ETH/USDT")]
print(json.dumps(told))
"""


def test_it_tells_what_it_has(clients: Environment, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = clients.run("python", program, f"sqlite:///{tmp_path / 'trades.sqlite'}")
    assert json.loads(done.stdout.splitlines()[-1]) == [
        *(False, True, None, "unknown"),
        "pending",
        *("known", "unknown", "unknown"),
        *(["7"], []),
        *(True, None),
    ]
