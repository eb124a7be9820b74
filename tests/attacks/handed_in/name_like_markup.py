# Aim: a file name with a script in it, for whoever shows the report.
# Ends: failed
def arrange(folder, text, run):
    path = folder / "<script>alert(1)<\u2215script>\"'.py"
    path.write_text(text)
    return path
