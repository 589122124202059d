"""Apprise: one address for each channel, given by APP_NOTIFY_URLS."""

import logging

import structlog

log = structlog.get_logger()


class AppriseNotifier:
    """`addresses` are Apprise's own (mailto://, slack://, json://, …), separated by commas or spaces."""

    def __init__(self, addresses: str) -> None:
        # A second of loading, and only who tells something needs it.
        import apprise

        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines hold the addresses
        self._kinds = (apprise.NotifyType.INFO, apprise.NotifyType.WARNING)
        self._channels = apprise.Apprise()
        if not self._channels.add(addresses):
            log.error("notify.bad_address", channels=len(self._channels))

    def tell(self, title: str, text: str, *, urgent: bool) -> bool:
        try:
            reached = self._channels.notify(body=text, title=title, notify_type=self._kinds[urgent])
        except Exception as error:  # noqa: BLE001  foreign code that speaks to anything
            log.error("notify.failed", error=type(error).__name__)  # noqa: TRY400  its text can hold an address
            return False
        if not reached:
            log.error("notify.not_reached", channels=len(self._channels))
        return bool(reached)
