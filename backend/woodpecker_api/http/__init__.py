"""Tools for routes: database, current user, permission, paging, idempotency, the problem body. No route lives here."""
