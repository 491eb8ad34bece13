"""What programs ask: /api/v1, one module a kind of thing."""
