"""Pictures of what people see, taken in a real browser for the README."""
