"""The command line. Every command that works on data goes through the same API as the pages, inside this process."""

import gc
import sys


def main() -> None:
    """The program `woodpecker-api`. Exit status 0, 1 (failed), 2 (wrong use or settings)."""
    # A thousand modules make objects that live as long as the process: looking through them for garbage while they are
    # made, and ever after, costs a start a tenth of its time.
    gc.disable()
    if sys.argv[1:2] == ["db"]:
        # A deploy runs these beside people at work: without the website's modules they are there in less than half the time.
        from woodpecker_api.cli.database import run
    elif sys.argv[1:2] == ["pulse"]:
        from woodpecker_api.cli.pulse import run
    else:
        from woodpecker_api.cli.commands import run
    gc.freeze()
    # Records that come and go with a request hold no rings: looking for garbage at every 700 new objects, as is usual,
    # took 15 % of a busy server's time and found next to nothing.
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
    run()
