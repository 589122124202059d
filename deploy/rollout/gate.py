"""What a person would do, done by the deploy: sign in, read, write. Over HTTP, through the proxy's inner door to one slot."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rollout.journal import DeployError

# A request that takes longer than this makes the release a bad one.
LONGEST_SECONDS = 10.0


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]
    seconds: float

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """`base` is where to connect; `host` is the name that people use, which the program checks."""

    def __init__(self, base: str, host: str) -> None:
        self._base = base
        self._headers = {"Host": host, "Origin": f"https://{host}", "User-Agent": "deploy-gate"}
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        """Any status is an answer. Raises `DeployError` when there is none."""
        data = None if body is None else json.dumps(body).encode()
        headers = {**self._headers, **({"Content-Type": "application/json"} if data else {})}
        request = urllib.request.Request(self._base + path, data, headers, method=method)
        started = time.monotonic()
        try:
            with self._opener.open(request, timeout=LONGEST_SECONDS) as response:
                answer = Answer(response.status, response.read(), dict(response.headers), time.monotonic() - started)
        except urllib.error.HTTPError as error:
            answer = Answer(error.code, error.read(), dict(error.headers), time.monotonic() - started)
        except (OSError, ValueError) as error:
            raise DeployError(f"{method} {path} got no answer: {error}") from None
        cookies = [value.split(";")[0] for name, value in answer.headers.items() if name.lower() == "set-cookie"]
        if cookies:
            self._headers["Cookie"] = "; ".join(cookies)
        return answer

    def expect(self, method: str, path: str, body: object = None) -> Answer:
        answer = self.ask(method, path, body)
        if answer.status >= 300:
            raise DeployError(f"{method} {path} answered {answer.status}: {answer.body[:300].decode(errors='replace')}")
        return answer


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        return None


def walk(client: Client, email: str, password: str) -> float:
    """Sign in, read the lists people live in, write and remove a saved view, sign out. Gives the slowest answer's seconds."""
    answers = [client.expect("GET", "/")]
    answers.append(client.expect("POST", "/api/session", {"email": email, "password": password}))
    answers += [
        client.expect("GET", path)
        for path in ("/api/session", "/api/leads?limit=1", "/api/history?limit=1", "/api/sequences?limit=1")
    ]
    made = client.expect(
        "POST", "/api/views", {"page": "leads", "name": f"Deploy gate {time.time_ns()}", "query": {}, "shared": False}
    )
    answers.append(made)
    answers.append(client.expect("DELETE", f"/api/views/{made.json()['id']}"))
    answers.append(client.expect("DELETE", "/api/session"))
    return max(answer.seconds for answer in answers)
