"""What a student learns from a failure: the smallest input that shows it, and hints that lead on step by step."""
