"""What the routes of generation take and give."""
