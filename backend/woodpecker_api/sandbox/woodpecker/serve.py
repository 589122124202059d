"""Starting the simulator, and steering it from outside."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from woodpecker_api.sandbox.server import SimulatorServer
from woodpecker_api.sandbox.woodpecker.app import woodpecker_simulator
from woodpecker_api.sandbox.woodpecker.faults import Fault, FaultPlan
from woodpecker_api.sandbox.woodpecker.simulation import Simulation


class WoodpeckerControl:
    """The control surface of a running simulator, in this process or another. Raises httpx.HTTPStatusError."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url.rstrip("/") + "/_control", trust_env=False, timeout=60)

    def close(self) -> None:
        self._http.close()

    def state(self) -> dict[str, Any]:
        return dict(self._get("state"))

    def ledger(self) -> dict[str, Any]:
        """`Ledger.summary`: applied, applied_too_often, peak_in_flight, refused_busy, faults, calls, unknown_keys…"""
        return dict(self._get("ledger"))

    def enrolled(self, campaign_id: int) -> dict[str, dict[str, Any]]:
        """Address to {arrived, applied, removed, status}; status is None for who is not inside."""
        return dict(self._get(f"enrolled?campaign_id={campaign_id}"))

    def requests(self, after: int = 0) -> list[dict[str, Any]]:
        """Applied changes in order, at most 1000 after that number."""
        return list(self._get(f"requests?after={after}"))

    def faults(self, *scripted: Fault, **plan: Any) -> None:
        """Replace the plan: scripted faults first, then `seed`, `rates`, `on`, `latency_ms`, `apply_at`. None: clear."""
        self._post("faults", FaultPlan(next=list(scripted), **plan).to_json())

    def behaviour(self, **habits: Any) -> None:
        """Change standing habits, such as key_valid=False: the wrong key from now on."""
        self._post("behaviour", habits)

    def reset(self, *, sample: bool = True) -> None:
        self._post("reset", {"sample": sample})

    def put_prospect(self, email: str, **fields: Any) -> int:
        """Create or change a person: status, values, campaigns {id: status}, last_contacted, updated. Gives the id."""
        return int(self._post("prospects", {"prospects": [{"email": email, **fields}]})["ids"][0])

    def generate_prospects(
        self,
        count: int,
        campaign_id: int | None = None,
        prefix: str = "person",
        campaigns: Sequence[int] = (),
    ) -> None:
        """With `campaigns` they have pasts of all kinds in these; else they are active, in `campaign_id` if given."""
        order = {"count": count, "campaign_id": campaign_id, "prefix": prefix, "campaigns": list(campaigns)}
        self._post("prospects", {"generate": order})

    def delete_prospects(self, *emails: str) -> None:
        self._post("prospects", {"remove": list(emails)})

    def people(self) -> Iterator[dict[str, Any]]:
        """Everybody as they are now, by id."""
        after = 0
        while page := self._get(f"people?after={after}"):
            yield from page
            after = page[-1]["id"]

    def order(self) -> list[str]:
        """Which calls were processed, one after the other, since the process started; at most the last 20,000."""
        return list(self._get("order"))

    def put_campaign(self, **fields: Any) -> int:
        """Create, or change the one with this `id`; gives the id."""
        return int(self._post("campaigns", {"campaigns": [fields]})["ids"][0])

    def remove_campaign(self, campaign_id: int) -> None:
        self._post("campaigns", {"remove": [campaign_id]})

    def process(self) -> dict[str, Any]:
        """Let the vendor send and apply its blacklist once."""
        return dict(self._post("process", {}))

    def _get(self, path: str) -> Any:
        answer = self._http.get(f"/{path}")
        answer.raise_for_status()
        return answer.json()

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        answer = self._http.post(f"/{path}", json=body)
        answer.raise_for_status()
        return answer.json()


class WoodpeckerServer:
    """A simulator from `start` to `stop`: where it is, and its controls. As a context manager it starts by itself."""

    def __init__(self, host: str, port: int, storage: Path | None, *, with_sample: bool) -> None:
        self._address = (host, port)
        self._storage = storage
        self._with_sample = with_sample
        self._running: tuple[SimulatorServer, Simulation, WoodpeckerControl] | None = None

    @property
    def url(self) -> str:
        """http://host:port; raises RuntimeError when it is not running."""
        return self._parts()[0].url

    @property
    def base_url(self) -> str:
        """What a client takes for the vendor's address."""
        return f"{self.url}/rest"

    @property
    def control(self) -> WoodpeckerControl:
        return self._parts()[2]

    def start(self) -> Self:
        """Return once it answers.

        Raises OSError when the port is taken, and SimulatorBusyError when another process serves the same file.
        """
        simulation = Simulation.open(self._storage, with_sample=self._with_sample)
        host, port = self._address
        server = SimulatorServer(woodpecker_simulator(simulation), host=host, port=port, name="woodpecker-simulator")
        try:
            server.start()
        except BaseException:
            simulation.close()
            raise
        self._running = (server, simulation, WoodpeckerControl(server.url))
        return self

    def stop(self) -> None:
        """May be called twice."""
        if self._running is None:
            return
        server, simulation, control = self._running
        self._running = None
        control.close()
        server.stop()
        simulation.close()

    def join(self) -> None:
        """Wait until somebody stops it."""
        self._parts()[0].join()

    def __enter__(self) -> Self:
        return self.start() if self._running is None else self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _parts(self) -> tuple[SimulatorServer, Simulation, WoodpeckerControl]:
        if self._running is None:
            raise RuntimeError("the simulator is not running")
        return self._running


def woodpecker_server(
    host: str = "127.0.0.1", port: int = 0, storage: Path | None = None, *, with_sample: bool = True
) -> WoodpeckerServer:
    """A simulator that is not started yet. Port 0 picks a free one; `storage` is a file (SQLite) that keeps the account.

    Without `with_sample` a new account is empty.
    """
    return WoodpeckerServer(host, port, storage, with_sample=with_sample)


def serve_woodpecker(
    host: str = "127.0.0.1", port: int = 0, storage: Path | None = None, *, with_sample: bool = True
) -> WoodpeckerServer:
    """The same, started."""
    return woodpecker_server(host, port, storage, with_sample=with_sample).start()
