"""Pure functions from frame to Plotly figure."""
