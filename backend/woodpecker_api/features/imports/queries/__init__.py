"""Every SELECT and bulk write of the room."""
