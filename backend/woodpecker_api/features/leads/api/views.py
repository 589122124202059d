"""Routes of saved views."""

from typing import Annotated

from fastapi import APIRouter, Query

from woodpecker_api.features.leads.schemas import ViewAnswer, ViewBody, ViewChange
from woodpecker_api.features.leads.service import views as service
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.paging import Listing
from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import By, Who, needs
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter(prefix="/api/views", tags=["views"])
READ = [needs(Permission.READ)]


@router.get("", dependencies=READ)
def list_views(db: ReadDb, who: Who, page: Annotated[str | None, Query(max_length=32)] = None) -> Listing[ViewAnswer]:
    """Mine and those that others share."""
    items = [ViewAnswer.of(view) for view in service.list_views(db, who.user_id, page)]
    return Listing(items=items, total=len(items))


@router.post("", dependencies=READ, status_code=201)
def create_view(body: ViewBody, db: WriteDb, services: Ask, who: Who, by: By) -> ViewAnswer:
    new = service.NewView(body.page, body.name, body.query, body.shared)
    return ViewAnswer.of(service.create_view(db, by, who.user_id, new, services.clock()))


@router.patch("/{view_id}", dependencies=READ)
def update_view(view_id: str, body: ViewChange, db: WriteDb, who: Who, by: By) -> ViewAnswer:
    values = body.model_dump(exclude_unset=True, exclude_none=True, exclude={"version"})
    return ViewAnswer.of(service.change_view(db, by, who.user_id, view_id, body.version, values))


@router.delete("/{view_id}", dependencies=READ, status_code=204)
def delete_view(view_id: str, db: WriteDb, who: Who, by: By) -> None:
    service.delete_view(db, by, who.user_id, view_id)
