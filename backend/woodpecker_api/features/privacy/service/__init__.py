"""The verbs of forgetting: erase a person, tell what is held on somebody, remove what was kept long enough."""
