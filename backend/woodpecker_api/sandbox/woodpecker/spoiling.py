"""How faults reach the sender: failures in the place of an answer, and answers that suffer on their way."""

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from woodpecker_api.sandbox.server import break_off
from woodpecker_api.sandbox.woodpecker import answers
from woodpecker_api.sandbox.woodpecker.answers import Reply
from woodpecker_api.sandbox.woodpecker.faults import Fault, FaultKind

_DRIP_SECONDS = 0.02


def response_of(reply: Reply) -> Response:
    return Response(reply.body, reply.status, dict(reply.headers))


def failing(fault: Fault, now: str, *, is_new: bool) -> Response:
    """Answers of faults that apply nothing."""
    retry_after = {"retry-after": fault.retry_after} if fault.retry_after else {}
    gone = (
        answers.v2_error(404, "CAMPAIGN_NOT_EXIST", "Campaign not found")
        if is_new
        else answers.v1_error(404, "E_RECORD_NOT_FOUND", "Campaign not found")
    )
    replies = {
        FaultKind.RATE_LIMITED: Reply(429, b"", retry_after),
        FaultKind.RATE_LIMITED_409: answers.v1_error(409, "E_TOO_MANY_REQUESTS", "Too many requests"),
        FaultKind.SERVER_ERROR: answers.html(500, answers.HTML_500),
        FaultKind.BAD_GATEWAY: answers.html(502, answers.HTML_502),
        FaultKind.ERROR_IN_200: answers.v1_error(200, fault.code, "Unexpected error"),
        FaultKind.UNAUTHORIZED: answers.unauthorized("Invalid api key", now),
        FaultKind.NO_PLAN: answers.unauthorized("No API addon", now),
        FaultKind.CAMPAIGN_GONE: gone,
    }
    return _Cut(None) if fault.kind is FaultKind.CUT_BEFORE else response_of(replies[fault.kind])


def spoiled(fault: Fault | None, reply: Reply) -> Response:
    """The answer to a request that was applied, as its fault lets it through."""
    half = Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers)
    replies = {
        FaultKind.EMPTY_BODY: Reply(200),
        FaultKind.UNREADABLE: answers.html(200, answers.HTML_500),
        FaultKind.SERVER_ERROR_AFTER: answers.html(500, answers.HTML_500),
        FaultKind.HALF_JSON: half,
    }
    cables = {FaultKind.CUT_AFTER: _Cut(None), FaultKind.CUT_MIDWAY: _Cut(reply), FaultKind.DRIP: _Drip(reply)}
    if fault is None:
        return response_of(reply)
    return cables.get(fault.kind) or response_of(replies.get(fault.kind, reply))


class _Cut(Response):
    """No answer, or half of one, and then nothing."""

    def __init__(self, reply: Reply | None) -> None:
        super().__init__()
        self._reply = reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        if self._reply is not None:
            await send(_start(self._reply))
            half = self._reply.body[: len(self._reply.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await asyncio.sleep(0.01)
        await break_off(scope)


class _Drip(Response):
    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self._reply = reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        gone = asyncio.create_task(hung_up(receive))
        await send(_start(self._reply))
        for place in range(len(self._reply.body)):
            if gone.done():
                return
            await send({"type": "http.response.body", "body": self._reply.body[place : place + 1], "more_body": True})
            await asyncio.sleep(_DRIP_SECONDS)
        gone.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def hung_up(receive: Receive) -> None:
    """Ends when the sender has closed its connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _start(reply: Reply) -> dict[str, Any]:
    headers = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
    headers.append((b"content-length", str(len(reply.body)).encode()))
    return {"type": "http.response.start", "status": reply.status, "headers": headers}
