"""Deploys cut off: a command made to fail, or the deploy killed before it. People notice nothing, and nothing stays half done."""

from tests.deploy.lab.machine import ROOT
from tests.deploy.lab.site import Site, see

# Where a deploy is made to fail, and where it is killed; in full, at every one of its commands.
FAIL_AT = ("docker pull", "db clone", "--force-recreate app", "stop app", "--force-recreate worker")
KILL_AT = ("--force-recreate app", "stop app", "pulse")


def cut_off(site: Site) -> None:
    numbers = _numbers(site) if site.full else []
    points = [("DEPLOY_TEST_FAIL_AT", point) for point in numbers or FAIL_AT]
    points += [("DEPLOY_TEST_KILL_AT", point) for point in numbers or KILL_AT]
    with site.load("cut-off", clients=2, pause=0.2) as load:
        for name, point in points:
            _cut_off_at(site, name, point)
            if site.full:
                site.lab.say(f"{name}={point}: one of both serves, nothing is left half done")
    lost, twice = load.lost()
    see(not load.failures and not lost and not twice, "people noticed nothing of it", (load.failures, lost, twice))
    failed = sum(name.endswith("FAIL_AT") for name, _ in points)
    site.lab.say(
        f"cut off at {failed} commands, killed at {len(points) - failed}: {load.requests} requests, 0 failed, 0 writes lost"
    )
    site.report["cut_off"] = {"failed_at": failed, "killed_at": len(points) - failed}


def _cut_off_at(site: Site, name: str, point: str) -> None:
    before = site.serving()
    target = site.other()
    done = site.lab.deploy(target, f"{name}='{point}'")
    see(done.returncode != 0, f"{name}={point} ends the deploy", done.stdout)
    site.page_is_there()
    site.lab.on("/usr/local/sbin/woodpecker-deploy repair")
    site.page_is_there()
    after = site.serving()[1]
    see(after == before[1] or (name.endswith("KILL_AT") and after == target), f"{name}={point}: one of both", after)
    see(site.lab.on(f"ls {ROOT}/state/journal.json 2>/dev/null || true") == "", "nothing is left half done")


def _numbers(site: Site) -> list[str]:
    """Of all commands, or of those that were asked for."""
    count = _commands_of_a_deploy(site)
    site.lab.say(f"a deploy has {count} commands until it is live")
    return [str(number) for number in range(1, count + 1) if site.points is None or number in site.points]


def _commands_of_a_deploy(site: Site) -> int:
    site.lab.on(f": >{ROOT}/state/deploy.log")
    done = site.lab.deploy(site.other())
    see(done.returncode == 0, "a deploy", done.stderr)
    lines = site.lab.on(f"cat {ROOT}/state/deploy.log").splitlines()
    live = next(number for number, line in enumerate(lines) if " Live after " in line)
    return sum("] docker" in line or "] cosign" in line for line in lines[:live])
