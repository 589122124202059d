"""What is asked, what it costs, whether the budget allows it, and what a failure means. Pure."""
