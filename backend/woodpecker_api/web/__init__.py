"""The program as a website: assembles the routes of all rooms, middleware, health, metrics and the built pages."""
