"""Saved views: a name for the filters, columns and sorting of a page. Only its owner changes one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.errors import VersionConflictError
from woodpecker_api.features.leads.errors import ViewNameTakenError, ViewNotFoundError
from woodpecker_api.features.leads.models import SavedView
from woodpecker_api.features.leads.queries.views import named, views_for
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.changes.service import announce


def list_views(db: Session, user_id: str, page: str | None) -> list[SavedView]:
    return views_for(db, user_id, page)


@dataclass(frozen=True)
class NewView:
    page: str
    name: str
    query: Mapping[str, Any]
    shared: bool = False


def create_view(db: Session, actor: Actor, user_id: str, new: NewView, now: datetime) -> SavedView:
    """Raises `ViewNameTakenError`."""
    _refuse_taken(db, user_id, new.page, new.name)
    view = SavedView(user_id=user_id, page=new.page, name=new.name, query=dict(new.query), version=1, created_at=now)
    view.shared = new.shared
    db.add(view)
    db.flush()
    record(db, actor, "view.created", ("view", view.id), after={"name": view.name, "page": view.page})
    announce(db, "view", view.id)
    return view


def change_view(
    db: Session, actor: Actor, user_id: str, view_id: str, version: int, values: Mapping[str, Any]
) -> SavedView:
    """Raises `ViewNotFoundError`, `VersionConflictError`, `ViewNameTakenError`."""
    view = _mine(db, user_id, view_id)
    if view.version != version:
        current = {
            "id": view.id,
            "name": view.name,
            "query": view.query,
            "shared": view.shared,
            "version": view.version,
        }
        raise VersionConflictError("This view was changed in another window. Reload it.", current=current)
    if "name" in values and values["name"] != view.name:
        _refuse_taken(db, user_id, view.page, values["name"])
    for name in ("name", "query", "shared"):
        if name in values:
            setattr(view, name, values[name])
    view.version += 1
    record(db, actor, "view.changed", ("view", view.id), after={"name": view.name, "shared": view.shared})
    announce(db, "view", view.id)
    return view


def delete_view(db: Session, actor: Actor, user_id: str, view_id: str) -> None:
    """Raises `ViewNotFoundError`."""
    view = _mine(db, user_id, view_id)
    record(db, actor, "view.deleted", ("view", view.id), before={"name": view.name})
    db.delete(view)
    announce(db, "view", view_id)


def _mine(db: Session, user_id: str, view_id: str) -> SavedView:
    view = db.get(SavedView, view_id)
    if view is None or view.user_id != user_id:
        raise ViewNotFoundError("There is no such view of yours. A shared one is changed by its owner.")
    return view


def _refuse_taken(db: Session, user_id: str, page: str, name: str) -> None:
    if named(db, user_id, page, name) is not None:
        raise ViewNameTakenError(f"You have a view called {name!r} already. Choose another name.")
