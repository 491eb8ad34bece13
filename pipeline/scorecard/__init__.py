"""What the items of a call are worth, and what many calls say of one agent."""
