"""Where a person may be told, and in which words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

# The program calls these addresses from inside the team's network. So a person may name services that are known,
# and mail servers on the ports of mail, but no address of their own making: that would be a window into the network.
_SERVICES = {
    "slack": "Slack",
    "msteams": "Teams",
    "workflows": "Teams",
    "discord": "Discord",
    "tgram": "Telegram",
    "gchat": "Google Chat",
}
_MAIL = {"mailto": "Mail", "mailtos": "Mail"}
_MAIL_PORTS = {None, 25, 465, 587}
MOST_LINES = 8
_NEWS_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Line:
    """One thing to say to one person."""

    user_id: str
    text: str
    needs_me: bool


def channel_kind(address: str) -> str | None:
    """The name of the service in words; None for an address that cannot be used."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if any(letter.isspace() or letter == "," for letter in address.strip()):
        return None  # Apprise would read two addresses
    if scheme in _MAIL and port in _MAIL_PORTS and parts.netloc:
        return _MAIL[scheme]
    return _SERVICES.get(scheme) if parts.netloc else None


def message(lines: list[str]) -> str:
    """All of them, or the first few and how many more there are."""
    shown = lines[:MOST_LINES]
    more = len(lines) - len(shown)
    return "\n".join([*shown, f"… and {more} more."] if more else shown)


def news_since(told_until: str | None, now: datetime) -> datetime:
    """From when on something is news: what was told last, but nothing older than an hour.

    So neither a restored backup nor somebody who chooses for the first time brings old news.
    """
    oldest = now - _NEWS_FOR
    return oldest if told_until is None else max(datetime.fromisoformat(told_until), oldest)
