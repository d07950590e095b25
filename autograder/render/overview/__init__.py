"""A class on one page: who has what, which mistakes are common, and where to look."""

from autograder.render.overview.classroom import Classroom
from autograder.render.overview.page import overview_html

__all__ = ["Classroom", "overview_html"]
