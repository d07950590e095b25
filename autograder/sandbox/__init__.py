"""Run student code in a sandbox: it sees inputs only, and each call ends as one outcome."""
