"""What a student's own functions draw: each cell stands in the notebook behind the check of the exercise it names."""

# %% cross_entropy
# The loss of one example whose true class gets probability q: being sure of the wrong thing is dear.
q = np.linspace(0.01, 0.99, 99)
losses = [cross_entropy(np.array([[value, 1 - value]]), np.array([[1.0, 0.0]])) for value in q]
plots.curves({"cross-entropy": losses}, q, xlabel="q of the true class")

# %% huber_loss
# Your four losses of a single difference: where they are steep, training pulls hard.
d, zero = np.linspace(-3, 3, 121), np.zeros(1)
kinds = {"l1_loss": l1_loss, "l2_loss": l2_loss, "smooth_l1_loss": smooth_l1_loss}
lines = {name: [loss(np.array([value]), zero) for value in d] for name, loss in kinds.items()}
lines["huber_loss, delta 2"] = [huber_loss(np.array([value]), zero, delta=2.0) for value in d]
plots.curves(lines, d, xlabel="prediction − target")
