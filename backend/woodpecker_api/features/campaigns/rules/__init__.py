"""Pure decisions about the account: what its words mean, who collides with whom, when mail would go, what to read next."""

from woodpecker_api.features.campaigns.rules.collisions import (
    Collision,
    Finding,
    Known,
    Peer,
    Peers,
    Place,
    Policy,
    Weight,
    collisions,
)
from woodpecker_api.features.campaigns.rules.forecast import Forecast, Pace, Window, forecast
from woodpecker_api.features.campaigns.rules.free_mail import is_company_domain
from woodpecker_api.features.campaigns.rules.mirroring import MirrorWish, next_mirror_read
from woodpecker_api.features.campaigns.rules.statuses import (
    MailsOnEnrol,
    PersonBar,
    mails_on_enrol,
    may_export_to,
    person_bar,
)

__all__ = [
    "Collision",
    "Finding",
    "Forecast",
    "Known",
    "MailsOnEnrol",
    "MirrorWish",
    "Pace",
    "Peer",
    "Peers",
    "PersonBar",
    "Place",
    "Policy",
    "Weight",
    "Window",
    "collisions",
    "forecast",
    "is_company_domain",
    "mails_on_enrol",
    "may_export_to",
    "next_mirror_read",
    "person_bar",
]
