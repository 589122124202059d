"""A Woodpecker account on a loopback port: the vendor's protocol under /rest, controls under /_control.

It behaves as the fact sheet says, the awkward parts included: one request at a time with a short queue, snippets that
belong to the person, failures inside 200, three ways to say that nobody was found. What really happened stands in its
ledger, against which an export's promises are checked.
"""

from woodpecker_api.sandbox.woodpecker.app import woodpecker_simulator
from woodpecker_api.sandbox.woodpecker.faults import Fault, FaultKind, FaultPlan
from woodpecker_api.sandbox.woodpecker.serve import RunningWoodpecker, WoodpeckerControl, serve_woodpecker
from woodpecker_api.sandbox.woodpecker.simulation import SANDBOX_KEY, Behaviour, Simulation
from woodpecker_api.sandbox.woodpecker.storage import SimulatorBusyError

__all__ = [
    "SANDBOX_KEY",
    "Behaviour",
    "Fault",
    "FaultKind",
    "FaultPlan",
    "RunningWoodpecker",
    "Simulation",
    "SimulatorBusyError",
    "WoodpeckerControl",
    "serve_woodpecker",
    "woodpecker_simulator",
]
