"""Deploys while twenty people are at work (and, in full, an export runs), and images that nobody of ours signed."""

import time

from tests.deploy.lab.exporting import Exporting
from tests.deploy.lab.load import Load
from tests.deploy.lab.machine import ROOT
from tests.deploy.lab.releases import build_variant
from tests.deploy.lab.site import Site, see

REQUESTS = 3000
ROUNDS, ALL_ROUNDS = 2, 10
# A slow machine may have fewer requests, and the line says how many.
LONGEST_SECONDS, LONGEST_SECONDS_IN_FULL = 60, 900


def deploys_under_load(site: Site) -> None:
    switches: list[float] = []
    totals: list[float] = []
    exporting = Exporting(site) if site.full else None
    try:
        for number in range(site.rounds or (ALL_ROUNDS if site.full else ROUNDS)):
            seconds = _one_deploy(site, number, exporting)
            switches.append(seconds["switch"])
            totals.append(seconds["switched"])
        if exporting is not None:
            site.report["exported_meanwhile"] = exporting.proof()
    finally:
        if exporting is not None:
            exporting.close()
    site.report |= {"switch_seconds": switches, "on_host_seconds": totals}


def _one_deploy(site: Site, number: int, exporting: Exporting | None) -> dict[str, float]:
    if exporting is not None:
        exporting.start()
    with site.load(f"r{time.time_ns()}", pause=0.0 if site.full else 0.02) as load:
        time.sleep(2)
        done = site.lab.deploy(site.other())
        still = exporting.progress() if exporting is not None else ""
        _wait_for_requests(load, LONGEST_SECONDS_IN_FULL if site.full else LONGEST_SECONDS)
    see(done.returncode == 0, "a deploy under load", done.stdout + done.stderr)
    see(not load.failures, "no failed request", load.failures)
    lost, twice = load.lost()
    see(not lost and not twice, "no acknowledged write lost or doubled", (lost, twice))
    seconds: dict[str, float] = site.record()["seconds"]
    site.lab.say(
        f"deploy {number + 1} under 20 clients{still}: {load.requests} requests, 0 failed, {len(load.acknowledged)} writes, 0 lost,"
        f" slowest {load.slowest:.1f} s; on the host {seconds['switched']:.0f} s (bar 60), switch {seconds['switch']:.1f} s (bar 5)\n"
        f"           {', '.join(f'{name} {taken:.1f}' for name, taken in seconds.items())}"
    )
    return seconds


def _wait_for_requests(load: Load, longest: float) -> None:
    """So that each deploy is measured on as many."""
    end = time.monotonic() + longest
    while load.requests < REQUESTS and time.monotonic() < end:
        time.sleep(0.2)


def forged(site: Site) -> None:
    for tag, key in (("forged", "theirs"), ("unsigned", None)):
        build_variant(tag, "one")
        done = site.lab.deploy(site.lab.publish(tag, key=key))
        see(done.returncode == 1 and "cosign verify" in done.stderr, f"a {tag} image is refused", done.stderr)
        see("docker pull" not in site.lab.on(f"tail -3 {ROOT}/state/deploy.log"), "and not even pulled")
    site.lab.say("a forged and an unsigned image are refused before they are pulled")
