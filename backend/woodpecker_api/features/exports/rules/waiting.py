"""How long the account rests after an answer that was none."""

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 300.0
_LONGEST_ASKED_SECONDS = 3600.0


def wait_after(failures: int, retry_after: float | None) -> float:
    """Seconds after `failures` failures in a row (1 or more); what the vendor asked for counts, up to an hour."""
    ours = min(FIRST_WAIT_SECONDS * 2.0 ** min(failures - 1, 20), LONGEST_WAIT_SECONDS)
    return ours if retry_after is None else max(min(retry_after, _LONGEST_ASKED_SECONDS), FIRST_WAIT_SECONDS)
