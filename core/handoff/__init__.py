"""What a reader takes along: the notebook that tries the base, and the record of the decision."""
