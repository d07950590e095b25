"""Code of the untrusted processes: it knows inputs only, and imports nothing but NumPy and itself."""
