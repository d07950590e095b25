"""What a student's own functions draw: each cell stands in the notebook behind the check of the exercise it names."""

# %% numerical_gradient
# The slope of x³ at 1 is 3. How wrong is yours, for steps from large to tiny?
steps = 10.0 ** -np.arange(1, 13)
errors = [abs(numerical_gradient(lambda x: float(x[0] ** 3), np.ones(1), h=h)[0] - 3) + 1e-17 for h in steps]
plots.curves({"": errors}, steps, xlabel="step h", ylabel="error of the gradient", log="xy")
