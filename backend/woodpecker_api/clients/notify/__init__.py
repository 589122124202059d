"""Telling people outside: chat, mail, whatever Apprise reaches. The addresses hold secrets and never leave this room."""
