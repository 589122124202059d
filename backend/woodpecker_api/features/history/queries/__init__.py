"""Every SELECT of the room: the list and its totals, the counts for charts, one person's whole story."""
