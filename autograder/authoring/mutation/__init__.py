"""Small defects made from a solution by rule, and whether the exercise's cases see every one of them."""
