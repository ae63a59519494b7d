# with --swap
"""Perpetual contracts of Acme Exchange, settled in their quote currency."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ccxt_ext.sandbox.frontend import Request
from ccxt_ext.sandbox.frontend.engine import MarketSpec, Tier

from .refusals import bad_request

# Each account has a wallet for pairs and one for contracts.
SPOT, CONTRACTS = "spot", "contracts"
CONTRACT_FUNDS = {"USDT": Decimal(2_000_000)}

MAX_LEVERAGE = "20"

# The share of a position's value that it takes to open it, and to keep it.
TIERS = (Tier(None, Decimal("0.05"), Decimal("0.025")),)


def contract_spec(spec: MarketSpec, contract_size: str) -> MarketSpec:
    """Like a pair of the same currencies. Sizes are numbers of contracts."""
    return replace(
        spec,
        wallet=CONTRACTS,
        kind="linear",
        settle=spec.quote,
        contract_size=Decimal(contract_size),
        fee_on="quote",
        tiers=TIERS,
        funding_interval_ms=8 * 3_600_000,
    )


def wallet_of(request: Request) -> str:
    """The wallet that is asked about."""
    wallet = request.query.get("account", SPOT)
    if wallet not in (SPOT, CONTRACTS):
        raise bad_request(f"account must be {SPOT} or {CONTRACTS}")
    return wallet
