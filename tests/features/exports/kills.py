"""People taken back while the worker is killed again and again and the vendor's answers are lost: the bar of taking back."""

import random
from collections.abc import Callable
from typing import Any

from tests.features.exports.world import World
from woodpecker_api.clients.woodpecker.errors import ConnectionCutError, RateLimitedError
from woodpecker_api.features.exports import service
from woodpecker_api.features.exports.rules import ItemStatus


class Killed(BaseException):
    """The process ends here."""


class Trouble:
    """Stands before the vendor: some requests are lost or turned away, and `kills` times the process dies around one."""

    def __init__(self, world: World, kills: int, seed: int) -> None:
        self.chance = random.Random(seed)
        self.kills_left = kills
        self.kills = 0
        for name in ("remove_from_campaign", "find_members"):
            setattr(world.vendor, name, self._around(getattr(world.vendor, name)))

    def _around(self, request: Callable[..., Any]) -> Callable[..., Any]:
        def troubled(*given: Any, **named: Any) -> Any:
            what = self.chance.random()
            if what < 0.12:
                raise RateLimitedError("busy")
            if what < 0.24:
                raise ConnectionCutError("cut before", outcome_unknown=True)
            self._maybe_kill(0.4)
            answer = request(*given, **named)
            self._maybe_kill(0.4)
            if what > 0.85:
                raise ConnectionCutError("cut after", outcome_unknown=True)
            return answer

        return troubled

    def _maybe_kill(self, likely: float) -> None:
        if self.kills_left and self.chance.random() < likely:
            self.kills_left -= 1
            self.kills += 1
            raise Killed


def take_back_under_kills(world: World, people: int, kills: int, seed: int) -> int:
    """Exports them, takes all back, checks after every turn; how often the process was killed."""
    leads = world.approved_leads(people)
    export_id = world.start(leads)
    world.run()
    assert world.statuses(export_id) == {"added": people}
    with world.ask(export_id) as (db, ask):
        service.take_back(db, world.jobs, ask, None)
    trouble = Trouble(world, kills, seed)
    for turn in range(20 * people + 500):
        try:
            step = world.turn()
        except Killed:
            world.restart()
            continue
        if turn % 10 == 0:
            _nobody_is_shown_as_gone_who_is_there(world, export_id)
        if world.statuses(export_id) == {"cancelled": people}:
            break
        world.time.pass_by(max(getattr(step, "after_seconds", 0.0), 0.1))
    _nobody_is_shown_as_gone_who_is_there(world, export_id)
    assert world.statuses(export_id) == {"cancelled": people}
    assert not any(person.campaigns for person in world.vendor.people.values())
    again = world.start(leads)
    assert world.export(again).total == people, "every claim is free"
    return trouble.kills


def _nobody_is_shown_as_gone_who_is_there(world: World, export_id: str) -> None:
    for item in world.items(export_id):
        if item.status == ItemStatus.CANCELLED:
            assert not world.vendor.has(item.email, world.vendor_id), item.email
        else:
            assert item.status == ItemStatus.ADDED
