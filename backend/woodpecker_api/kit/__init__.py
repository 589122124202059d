"""Small tools that would fit any program. They know nothing of leads, databases or the web."""
