"""Many submissions → many Reports."""
