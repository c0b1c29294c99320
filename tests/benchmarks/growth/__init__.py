"""How the cost of every step grows with the log: made-up logs, the steps, their measuring and the plot."""
