"""Work on files nobody has vouched for, in processes with limits: any script of ours, and Parquet."""
