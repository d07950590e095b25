"""Rendering of reports, of one submission or a class, as text, HTML, Markdown, CSV and XML: pure functions."""
