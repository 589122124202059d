"""Background work: what a room hands over here is done at least once, whatever crashes (ADR 0004).

`port` holds the words rooms use, `jobs` enqueues and counts, `worker` does the work. Only this room knows the engine.
"""

from woodpecker_api.system.jobs.port import (
    Again,
    Done,
    Handler,
    Job,
    JobContext,
    JobError,
    NextStep,
    Queue,
    Retries,
    Schedule,
)

__all__ = [
    "Again",
    "Done",
    "Handler",
    "Job",
    "JobContext",
    "JobError",
    "NextStep",
    "Queue",
    "Retries",
    "Schedule",
]
