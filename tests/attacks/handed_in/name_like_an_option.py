# Aim: a file name that reads as an option of `grade`.
# Ends: failed
def arrange(folder, text, run):
    path = folder / "--solution --only=test_add $(touch canary) .py"
    path.write_text(text)
    return path
