"""Machinery that knows no lead: auth, audit, settings, changes, jobs. No routes here."""
