"""A Woodpecker account on a loopback port: the vendor's protocol under /rest, controls under /_control.

It behaves as the fact sheet says, the awkward parts included: one request at a time with a short queue, snippets that
belong to the person, failures inside 200, three ways to say that nobody was found. What really happened stands in its
ledger, against which an export's promises are checked.
"""

from woodpecker_api.sandbox.woodpecker.app import woodpecker_simulator
from woodpecker_api.sandbox.woodpecker.faults import Fault, FaultKind, FaultPlan
from woodpecker_api.sandbox.woodpecker.serve import (
    WoodpeckerControl,
    WoodpeckerServer,
    serve_woodpecker,
    woodpecker_server,
)
from woodpecker_api.sandbox.woodpecker.simulation import Behaviour, Simulation
from woodpecker_api.sandbox.woodpecker.storage import SimulatorBusyError

__all__ = [
    "Behaviour",
    "Fault",
    "FaultKind",
    "FaultPlan",
    "Simulation",
    "SimulatorBusyError",
    "WoodpeckerControl",
    "WoodpeckerServer",
    "serve_woodpecker",
    "woodpecker_server",
    "woodpecker_simulator",
]
