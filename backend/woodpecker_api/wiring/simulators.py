"""Both vendors simulated, as servers of this process. A module of its own, so that only who needs them loads them."""

from pathlib import Path

from woodpecker_api.sandbox.claude.app import make_app
from woodpecker_api.sandbox.claude.shelf import BatchShelf
from woodpecker_api.sandbox.claude.world import World
from woodpecker_api.sandbox.server import SimulatorServer
from woodpecker_api.sandbox.woodpecker import WoodpeckerServer, woodpecker_server


def start_woodpecker(storage: Path | None, port: int = 0) -> WoodpeckerServer:
    """`storage` keeps its account over restarts, as the real one's is kept."""
    return woodpecker_server(port=port, storage=storage).start()


def start_claude(batches: Path | None, port: int = 0) -> SimulatorServer:
    """`batches` keeps them over restarts: they are looked at for up to a day."""
    world = World(batches=BatchShelf(batches)) if batches is not None else World()
    server = SimulatorServer(make_app(world), port=port, name="claude-simulator")
    server.start()
    return server
