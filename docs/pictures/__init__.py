"""The pictures of the units' pages, drawn from the reference: every number in them is computed, none is typed."""
