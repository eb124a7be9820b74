# Aim: an answer nested a hundred thousand deep, and one that holds itself.
# Ends: error
deep = []
for _ in range(100_000):
    deep = [deep]
circle = []
circle.append(circle)
answers = [{"L": deep}, circle, {"a": circle}]
manual_gradients = lambda *args: answers.pop() if answers else deep
