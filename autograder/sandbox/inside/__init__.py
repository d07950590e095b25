"""Everything that runs in the untrusted process: it knows inputs only, and imports nothing but NumPy and itself."""
