"""The feedback page of one submission: a self-contained HTML file."""

from autograder.render.html.page import report_html

__all__ = ["report_html"]
