"""Starting the simulator, and steering it from outside."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from woodpecker_api.sandbox.server import SimulatorServer
from woodpecker_api.sandbox.woodpecker.app import woodpecker_simulator
from woodpecker_api.sandbox.woodpecker.faults import Fault, FaultPlan
from woodpecker_api.sandbox.woodpecker.simulation import SANDBOX_KEY, Simulation


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

    def generate_prospects(self, count: int, campaign_id: int | None = None, prefix: str = "person") -> None:
        self._post("prospects", {"generate": {"count": count, "campaign_id": campaign_id, "prefix": prefix}})

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


class RunningWoodpecker:
    """A simulator under way: where it is, its key, and its controls. A context manager; `stop` may be called twice."""

    api_key = SANDBOX_KEY

    def __init__(self, server: SimulatorServer, simulation: Simulation) -> None:
        self._server = server
        self._simulation = simulation
        self.url = server.url
        self.base_url = f"{server.url}/rest"
        """What a client takes for the vendor's address."""
        self.control = WoodpeckerControl(server.url)

    def join(self) -> None:
        """Wait until it is stopped."""
        self._server.join()

    def stop(self) -> None:
        self.control.close()
        self._server.stop()
        self._simulation.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve_woodpecker(
    host: str = "127.0.0.1", port: int = 0, storage: Path | None = None, *, with_sample: bool = True
) -> RunningWoodpecker:
    """Start a simulator in a thread; port 0 picks a free one. `storage` is a file that keeps the account between runs.

    Raises OSError when the port is taken and SimulatorBusyError when another process serves that file.
    """
    simulation = Simulation.open(storage, with_sample=with_sample)
    try:
        server = SimulatorServer(
            woodpecker_simulator(simulation), host=host, port=port, name="woodpecker-simulator"
        ).start()
    except BaseException:
        simulation.close()
        raise
    return RunningWoodpecker(server, simulation)
