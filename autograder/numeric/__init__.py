"""Tools to compare arrays, differentiate numerically and measure CPU time, independent of exercises."""
