"""Tools for course authors: the build, the audits and the scaffold of an exercise."""
