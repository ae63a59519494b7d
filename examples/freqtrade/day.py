"""Lets freqtrade trade through a stretch of time in a sandbox whose clock is frozen, as fast as it can.

    python day.py SANDBOX UNTIL trade --config config.json --strategy SampleStrategy

SANDBOX is the address of the sandbox's control port, or the file of its `--write`. UNTIL is when the bot is
stopped, in UTC, such as 2026-03-03. All that follow are freqtrade's own arguments.

freqtrade is the published one, unchanged. Its clock tells the sandbox's time, by time-machine, and whenever
it would sleep until its next round, the sandbox's time passes instead. So it looks at the market at each
new candle, and every `process_throttle_secs` of its configuration, as it does otherwise.
"""

import sys
import time
from datetime import datetime, timezone

import time_machine
from freqtrade.commands import Arguments
from freqtrade.loggers import setup_logging_pre
from freqtrade.worker import Worker

from ccxt_ext.sandbox import Sandbox


class Over(Exception):
    """The bot is to be stopped."""


def main(where: str, until: str, *arguments: str) -> None:
    box = Sandbox.connect(where)
    if not box.control("GET", "/clock")["frozen"]:
        sys.exit("the sandbox's clock runs; start it with --clock frozen")
    end = datetime.fromisoformat(until).replace(tzinfo=timezone.utc).timestamp()

    with time_machine.travel(box.now() / 1000, tick=False) as machine:

        class Traveller(Worker):
            """A worker of freqtrade's that lets the sandbox's time pass between its rounds."""

            @staticmethod
            def _sleep(sleep_duration: float) -> None:
                left = end - time.time()
                if left > 0:
                    machine.move_to(box.advance(seconds=min(sleep_duration, left)) / 1000)
                if sleep_duration >= left:
                    raise Over

        setup_logging_pre()
        worker = Traveller(Arguments(list(arguments)).get_parsed_arg())
        try:
            worker.run()
        except Over:
            print("The time is over", file=sys.stderr)
        finally:
            worker.exit()


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit("usage: day.py SANDBOX UNTIL trade [FREQTRADE'S ARGUMENTS]")
    main(*sys.argv[1:])
