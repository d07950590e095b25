"""What a student's own functions draw: each cell stands in the notebook behind the check of the exercise it names."""

# %% gradient_descent
# Your walk through a valley. Try lr = 0.02, 0.1 and 0.2.
steep = np.array([1.0, 9.0])
walk = gradient_descent(lambda w: steep * w, np.array([-2.5, 1.0]), lr=0.1, steps=30)
plots.surface(lambda w: np.sum(steep * w**2) / 2, {"gradient descent": walk}, y=(-1.5, 1.5), minimum=(0.0, 0.0))

# %% optimizer_race
# The lecture's picture, drawn by your three optimizers.
ravine = np.array([1.0, 19.0])
paths = race(lambda w: ravine * w, np.array([-8.0, 2.0]), steps=25, lr=0.09, adagrad_lr=1.8, mu=0.6)
plots.surface(lambda w: np.sum(ravine * w**2) / 2, paths, x=(-9, 3), y=(-3, 3), minimum=(0.0, 0.0))
