"""Every error has a stable code of its own and a status that fits."""

import importlib
import pkgutil
import re

import pytest

import woodpecker_api
from woodpecker_api.errors import AppError, FieldProblem, VersionConflictError


def all_errors() -> list[type[AppError]]:
    """Every subclass in the package."""
    for module in pkgutil.walk_packages(woodpecker_api.__path__, "woodpecker_api."):
        if module.name.endswith((".errors", ".service", ".rules")) or ".errors." in module.name:
            importlib.import_module(module.name)
    found, left = [], [AppError]
    while left:
        found.append(left.pop())
        left += found[-1].__subclasses__()
    return sorted(found, key=lambda error: error.code)


@pytest.mark.parametrize("error", all_errors(), ids=lambda error: error.__name__)
def test_an_error_has_a_snake_case_code_an_http_status_and_says_when_it_happens(error: type[AppError]) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", error.code)
    assert 400 <= error.status <= 599
    assert error.__doc__


def test_a_code_that_several_rooms_raise_has_one_status() -> None:
    statuses: dict[str, set[int]] = {}
    for error in all_errors():
        statuses.setdefault(error.code, set()).add(error.status)
    assert not {code: found for code, found in statuses.items() if len(found) > 1}


def test_an_error_carries_its_sentence_its_fields_and_whatever_else_the_caller_needs() -> None:
    problem = FieldProblem("email", "bad", "This is no address.")
    error = VersionConflictError("Somebody was faster. Look again.", errors=(problem,), current={"version": 3})
    assert (str(error), error.detail) == ("Somebody was faster. Look again.",) * 2
    assert (error.errors, error.extra) == ((problem,), {"current": {"version": 3}})
