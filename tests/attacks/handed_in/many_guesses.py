# Aim: guesses that are numbers without end, to keep whoever reads them busy.
# Ends: failed
def arrange(folder, text, run):
    path = folder / "closures.py"
    guesses = ["9" * 70, "1e" + "9" * 60, "float('nan')", "__import__('os')._exit(0)", "0x" + "f" * 60]
    lines = [f"predict = {guess}" for guess in guesses * 2000]
    path.write_text("# %% tags=[\"demo\"]\n" + "\n".join(lines) + "\n# %%\n" + text)
    return path
