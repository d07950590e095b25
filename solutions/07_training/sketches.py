"""What a student's own functions draw: each cell stands in the notebook behind the check of the exercise it names."""

# %% train_cnn
# How the loss fell, if you return it as params["history"].
plots.curves(check("train_cnn"))
