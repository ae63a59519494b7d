"""What bitexbit does with money besides trading: addresses, deposits, withdrawals, transfers, coupons."""
