"""The vendor may change its answers any day: three unreadable ones of one call in a row hold every export until somebody looked."""

from collections.abc import Callable
from typing import Any, cast

import structlog

from woodpecker_api.clients.woodpecker.errors import UnreadableAnswerError
from woodpecker_api.clients.woodpecker.port import WoodpeckerApi
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.exports.jobs import trouble
from woodpecker_api.features.exports.jobs.tools import Memory, Tools
from woodpecker_api.features.exports.service.holding import hold

log = structlog.get_logger("exports")

REASON = "vendor_changed"
IN_A_ROW = 3
"""One may be a proxy's page, two a bad minute; three without a readable one between them are a change."""


def watched(tools: Tools, memory: Memory, account_id: str, api: WoodpeckerApi) -> WoodpeckerApi:
    """The same account, with every answer counted: in the one place that all requests go through."""
    return cast("WoodpeckerApi", _Watched(tools, memory, account_id, api))


def hold_exports(tools: Tools, account_id: str) -> None:
    """Nothing more goes out. Operations and the alert say so, each export says why and offers its CSV."""
    with tools.database.writing() as db:
        hold(db, REASON)
        trouble.pause_all(db, account_id, REASON, tools.clock())


class _Watched:
    def __init__(self, tools: Tools, memory: Memory, account_id: str, api: WoodpeckerApi) -> None:
        self._tools, self._memory, self._account_id, self._api = tools, memory, account_id, api

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self._api, name)

        def counted(*arguments: Any, **options: Any) -> Any:
            try:
                answer = call(*arguments, **options)
            except UnreadableAnswerError as error:
                self._unreadable(name, error)
                raise
            self._memory.unreadable_in_a_row.pop(name, None)
            return answer

        return counted

    def _unreadable(self, call: str, error: UnreadableAnswerError) -> None:
        tools, memory = self._tools, self._memory
        # Call by call: others that still work in between say nothing about this one.
        times = memory.unreadable_in_a_row[call] = memory.unreadable_in_a_row.get(call, 0) + 1
        log.warning("vendor.unreadable", call=call, status=error.status, in_a_row=times)
        seen = campaigns.Seen(call, error.kind, error.status, error.sketch or str(error))
        with tools.database.writing() as db:
            campaigns.keep_answer(db, self._account_id, seen, tools.clock())
        if times == IN_A_ROW:
            hold_exports(tools, self._account_id)
