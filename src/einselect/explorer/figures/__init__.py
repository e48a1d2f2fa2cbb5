"""Results in, plotly figures out; nothing is computed but where things go on the page."""
