"""The built pages: files with hashed names are kept by browsers for ever, the page itself is asked for each time."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.exceptions import HTTPException

from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import public
from woodpecker_api.web.kept_assets import kept_asset

STATIC = Path(__file__).parent / "static"
# Their names carry a hash of what is in them.
_FOR_EVER = "public, max-age=31536000, immutable"
# Browsers ask for the icon at every change of the address, so with every word of a search.
_FOR_A_DAY = "public, max-age=86400"
_NOT_BUILT = """<!doctype html><html lang="en"><title>Woodpecker-API</title><meta charset="utf-8">
<body><h1>The pages are not built yet</h1><p>The API works. Run <code>make run</code> in the repository to build the pages,
or install the program as a package: it brings them along.</p></body></html>"""


def pages_router(static: Path = STATIC) -> APIRouter:
    """Every path outside /api gives the page, which knows its own addresses; an unknown /api path is 404."""
    router = APIRouter(include_in_schema=False)

    @router.get("/{path:path}", dependencies=[public("the page itself holds no data")])
    def page(path: str, services: Ask) -> Response:
        if path == "api" or path.startswith("api/") or "\x00" in path:
            raise HTTPException(404)
        wanted = (static / path).resolve()
        if path and wanted.is_file() and wanted.is_relative_to(static.resolve()):
            return FileResponse(wanted, headers={"cache-control": _kept(path)})
        if path.startswith("assets/"):
            kept_file = kept_asset(services.settings.data_dir, path.removeprefix("assets/"))
            if kept_file is None:
                raise HTTPException(404)
            return FileResponse(kept_file, headers={"cache-control": _FOR_EVER})
        index = static / "index.html"
        if not index.is_file():
            return HTMLResponse(_NOT_BUILT, 503)
        return FileResponse(index, headers={"cache-control": "no-cache"})

    return router


def _kept(path: str) -> str:
    if path.startswith("assets/"):
        return _FOR_EVER
    return "no-cache" if path.endswith(".html") else _FOR_A_DAY
