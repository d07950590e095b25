"""A course's rules in course.toml: weights, due dates, penalties, dropped exercises; and the marks they give."""
