"""What is known of present alerts: one fact of the installation, so that every process tells each alert once."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.operations.rules.alerts import Known
from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.system.settings.service import fact, set_fact

ALERTS = "alerts"


def read_known(db: Session) -> dict[str, Known]:
    return {code: Known(*map(_moment, moments)) for code, moments in json.loads(fact(db, ALERTS) or "{}").items()}  # type: ignore[arg-type]


def write_known(db: Session, known: Mapping[str, Known]) -> None:
    moments = {
        code: [_text(each.since), _text(each.told_at), _text(each.over_at)] for code, each in sorted(known.items())
    }
    set_fact(db, ALERTS, json.dumps(moments))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
