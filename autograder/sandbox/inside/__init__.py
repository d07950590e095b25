"""Everything that runs in the untrusted process. It knows inputs and nothing else, and imports only NumPy and itself."""
