"""Run student code in a sandbox: the code gets inputs only, and each call ends in one outcome."""
