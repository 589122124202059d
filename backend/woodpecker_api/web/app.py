"""The FastAPI application: rooms' routes, error bodies, middleware, health, pages."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry

from woodpecker_api.features.accounts.api import router as accounts
from woodpecker_api.features.campaigns.api import router as campaigns
from woodpecker_api.features.exports.api import router as exports
from woodpecker_api.features.generation.api import router as generation
from woodpecker_api.features.history.api import router as history
from woodpecker_api.features.imports.api import router as imports
from woodpecker_api.features.leads.api import router as leads
from woodpecker_api.features.operations.api import router as operations
from woodpecker_api.features.operations.api.events import newest_known
from woodpecker_api.features.privacy.api import router as privacy
from woodpecker_api.features.review.api import router as review
from woodpecker_api.features.templates.api import router as templates
from woodpecker_api.http.problem import Problem, install_problem_handlers
from woodpecker_api.http.services import Services
from woodpecker_api.system.modes.service import ModeFile
from woodpecker_api.web.health import router as health
from woodpecker_api.web.metrics import InstallationMetrics
from woodpecker_api.web.middleware import RequestContext, RequestMetrics
from woodpecker_api.web.modes import Modes
from woodpecker_api.web.pages import pages_router
from woodpecker_api.web.shared_answers import SharedAnswers

ROUTERS = (
    # First: a router is put together by the first request that comes as far, and a probe should not wait for all the others.
    health,
    accounts,
    imports,
    leads,
    templates,
    generation,
    review,
    campaigns,
    exports,
    history,
    operations,
    privacy,
)


def create_app(
    services: Services,
    *,
    start: Callable[[], None] = lambda: None,
    stop: Callable[[], None] = lambda: None,
    obey_modes: bool = True,
) -> FastAPI:
    """`start` and `stop` surround the time in which requests are taken (the worker inside, simulators).

    `obey_modes` is off for the command line: who works on the machine is the one for whom everybody else waits.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        start()
        try:
            yield
        finally:
            stop()

    app = FastAPI(
        title="Woodpecker-API",
        version=version("woodpecker-api"),
        description="From a spreadsheet of leads to approved sequences in Woodpecker campaigns, with proof.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=_operation_id,
        responses={"default": {"model": Problem, "description": "Problem (RFC 9457)"}},
    )
    app.state.services = services
    app.state.draining = False
    app.state.metrics = CollectorRegistry()
    install_problem_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    app.include_router(pages_router())
    app.state.metrics.register(InstallationMetrics(services))
    app.add_middleware(SharedAnswers, seen_id=lambda: newest_known(app))
    if obey_modes:
        app.add_middleware(Modes, file=ModeFile(services.settings.data_dir))
    app.add_middleware(RequestContext, metrics=RequestMetrics(app.state.metrics))
    return app


def _operation_id(route: APIRoute) -> str:
    """The function's name: what the generated client calls it."""
    return route.name
