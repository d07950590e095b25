"""What students hold instead of a spec: an exercise's questions, answers and known mistakes, recorded as data."""
