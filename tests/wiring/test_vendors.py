"""Which vendor is asked with which key: environment, Settings, simulator, nobody. Changes take effect at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from woodpecker_api.clients.anthropic.errors import ClaudeKeyError
from woodpecker_api.clients.woodpecker.errors import KeyRefusedError
from woodpecker_api.config import Environment, Settings
from woodpecker_api.errors import VendorKeyMissingError
from woodpecker_api.features.operations.service import enter_key
from woodpecker_api.http.services import VendorMode, VendorState
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.sandbox.server import SimulatorServer
from woodpecker_api.sandbox.woodpecker import WoodpeckerServer, woodpecker_server
from woodpecker_api.system.audit.service import SYSTEM
from woodpecker_api.system.settings.service import Vendor, set_vendor_key
from woodpecker_api.wiring.program import Program, build
from woodpecker_api.wiring.simulators import start_claude


@pytest.fixture
def real_woodpecker() -> Iterator[WoodpeckerServer]:
    """Stands for the vendor: somebody at an address."""
    with woodpecker_server() as server:
        yield server


@pytest.fixture
def real_claude() -> Iterator[SimulatorServer]:
    server = start_claude(None)
    yield server
    server.stop()


@pytest.fixture
def programs() -> Iterator[list[Program]]:
    opened: list[Program] = []
    yield opened
    for program in opened:
        program.close()


def _enter(program: Program, vendor: Vendor, key: str | None) -> None:
    with program.database.writing() as db:
        if key is None:
            set_vendor_key(db, SYSTEM, program.services.secrets, vendor, None, system_clock())
        else:
            enter_key(db, SYSTEM, program.services.secrets, vendor, key, system_clock())


def test_without_a_key_the_sandbox_uses_the_simulators(settings: Settings, programs: list[Program]):
    programs.append(program := build(settings))
    for vendor in Vendor:
        assert program.vendors.state(vendor) == VendorState(VendorMode.SANDBOX, None)
    assert len(program.vendors.woodpecker().list_campaigns()) > 0
    assert len(program.vendors.claude().models()) > 0


def test_elsewhere_a_vendor_without_a_key_is_off(tmp_path: Path, programs: list[Program]):
    programs.append(program := build(Settings(data_dir=tmp_path, environment=Environment.DEVELOPMENT)))
    for vendor in Vendor:
        assert program.vendors.state(vendor).mode is VendorMode.OFF
    with pytest.raises(VendorKeyMissingError):
        program.vendors.woodpecker()
    with pytest.raises(VendorKeyMissingError):
        program.vendors.claude()


def test_a_key_of_the_environment_wins_over_a_stored_one(tmp_path: Path, programs: list[Program]):
    settings = Settings(data_dir=tmp_path, woodpecker_api_key="key-of-the-server-1111")
    programs.append(program := build(settings))
    _enter(program, Vendor.WOODPECKER, "key-of-the-settings-2222")
    assert program.vendors.state(Vendor.WOODPECKER) == VendorState(VendorMode.REAL, "server", "1111")


def test_one_vendor_may_be_real_while_the_other_is_simulated(tmp_path: Path, programs: list[Program]):
    programs.append(program := build(Settings(data_dir=tmp_path, anthropic_api_key="key-of-the-server-1111")))
    assert program.vendors.state(Vendor.ANTHROPIC).mode is VendorMode.REAL
    assert program.vendors.state(Vendor.WOODPECKER).mode is VendorMode.SANDBOX


def test_a_woodpecker_key_entered_in_settings_is_used_by_the_next_call(
    tmp_path: Path, programs: list[Program], real_woodpecker: WoodpeckerServer
):
    environment = {"environment": Environment.DEVELOPMENT, "woodpecker_base_url": real_woodpecker.base_url}
    programs.append(program := build(Settings(data_dir=tmp_path, **environment)))  # type: ignore[arg-type]
    _enter(program, Vendor.WOODPECKER, "first-key-of-the-team")
    first = program.vendors.woodpecker()
    assert program.vendors.woodpecker() is first
    assert len(first.list_campaigns()) > 0

    real_woodpecker.control.behaviour(key_valid=False)
    with pytest.raises(KeyRefusedError):
        first.list_campaigns()
    real_woodpecker.control.behaviour(key_valid=True)
    _enter(program, Vendor.WOODPECKER, "second-key-of-the-team")
    assert program.vendors.state(Vendor.WOODPECKER) == VendorState(VendorMode.REAL, "settings", "team")
    assert program.vendors.woodpecker() is not first
    assert len(program.vendors.woodpecker().list_campaigns()) > 0

    _enter(program, Vendor.WOODPECKER, None)
    with pytest.raises(VendorKeyMissingError):
        program.vendors.woodpecker()


def test_a_claude_key_entered_in_settings_is_used_by_the_next_call(
    tmp_path: Path, programs: list[Program], real_claude: SimulatorServer
):
    environment = {"environment": Environment.DEVELOPMENT, "anthropic_base_url": real_claude.url}
    programs.append(program := build(Settings(data_dir=tmp_path, **environment)))  # type: ignore[arg-type]
    _enter(program, Vendor.ANTHROPIC, "invalid-key-of-somebody")
    with pytest.raises(ClaudeKeyError):
        program.vendors.claude().models()
    _enter(program, Vendor.ANTHROPIC, "a-good-key-of-the-team")
    assert len(program.vendors.claude().models()) > 0


def test_another_process_sees_the_new_key_too(tmp_path: Path, programs: list[Program]):
    settings = Settings(data_dir=tmp_path, environment=Environment.DEVELOPMENT)
    programs += [web := build(settings), worker := build(settings)]
    assert worker.vendors.state(Vendor.WOODPECKER).mode is VendorMode.OFF
    _enter(web, Vendor.WOODPECKER, "the-key-of-the-team")
    assert worker.vendors.state(Vendor.WOODPECKER).mode is VendorMode.REAL


def test_the_simulated_account_is_the_same_after_a_restart(settings: Settings, programs: list[Program]):
    programs.append(program := build(settings))
    before = {campaign.id for campaign in program.vendors.woodpecker().list_campaigns()}
    programs.pop().close()
    programs.append(program := build(settings))
    assert {campaign.id for campaign in program.vendors.woodpecker().list_campaigns()} == before
