"""The measuring tools: compare, derivative, stopwatch. They know numpy and nothing of exercises."""
