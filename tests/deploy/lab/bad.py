"""Bad releases: each undone by itself, for its own reason, with nothing acknowledged lost. Also with a database of a gigabyte."""

from tests.deploy.lab.releases import build_variant
from tests.deploy.lab.site import Site, see

# Kind of bad release → words, one of which the reason that the operator is given has in it.
BAD = {"crash": "crashes", "errors": "server errors", "loses-rows": "loses rows"}
BAD_TOO = {
    "never-ready": "not ready",
    "slow": "read takes",
    "leak": "crashed|memory",
    "broken-migration": "upgrade failed",
    "stalled-worker": "worker|pulse",
    "breaking-then-crash": "crashes",
}
IMAGE_SECONDS, DATABASE_SECONDS = 30, 60


def bad_releases(site: Site) -> None:
    # Long enough for what shows only when it is live; no longer than it takes.
    site.watch_for(60)
    faults = BAD | BAD_TOO if site.full or site.kinds else BAD
    wanted = {fault: word for fault, word in faults.items() if fault in site.kinds or not site.kinds}
    seconds = {fault: undone(site, fault, word) for fault, word in wanted.items()}
    site.report["undone_seconds"] = seconds
    site.watch_for(4)


def undone(site: Site, fault: str, word: str, tag: str = "") -> float:
    """Seconds from when it was detected until the old release served again, and the old database where it was changed."""
    tag = tag or fault
    build_variant(tag, "one", fault)
    digest = site.lab.publish(tag)
    before, tables = site.serving(), set(site.examination()["tables"])
    with site.load(f"bad-{tag}", clients=4, pause=0.2) as load:
        done = site.lab.deploy(digest)
    see(done.returncode == 1 and "Not deployed" in done.stderr, f"{fault} is undone", done.stdout + done.stderr)
    see(any(part in done.stderr for part in word.split("|")), f"{fault} is undone for its own reason", done.stderr)
    see(site.serving() == before, f"after {fault} the old release serves")
    after = site.examination()
    see(not after["problems"] and set(after["tables"]) == tables, f"after {fault} the old database", after)
    lost, twice = load.lost()
    see(not lost and not twice, f"after {fault} every acknowledged write is there", (lost, twice))
    seconds = site.record()["seconds"]
    back = round(float(seconds.get("old_serves", seconds["undone"]) - seconds["detected"]), 1)
    tidy = seconds["undone"] - seconds["detected"]
    longest = DATABASE_SECONDS if fault.startswith("breaking") else IMAGE_SECONDS
    site.lab.say(
        f"bad release {fault}: the old one serves {back} s after it was detected (bar {longest}), the worker too after"
        f" {tidy:.1f} s ({' '.join(done.stderr.split())[:160]})\n"
        f"           {', '.join(f'{name} {taken:.1f}' for name, taken in seconds.items())}"
    )
    return back
