"""A process whose only business is the worker (`woodpecker-api worker`)."""

import os
import signal
import threading

from woodpecker_api.system.jobs.worker import Worker


def run_worker(worker: Worker) -> int:
    """Works until SIGTERM or SIGINT; the exit status. Call it from the main thread.

    Ends within about 5 s: a turn that is still in progress then is cut off, as by a crash, and done again by the next worker.
    """
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: end.set())
    worker.start()
    end.wait()
    leave(worker)
    return 0


def leave(worker: Worker) -> None:
    """Stops the worker; does not return when a turn's thread would keep the process alive."""
    if not worker.stop():
        os._exit(0)
