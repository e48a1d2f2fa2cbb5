"""States in, answers of the library out: pure functions without Panel and plotly, which any thread may run."""
