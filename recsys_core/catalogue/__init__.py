"""Items and users by row number, the immutable data set every room reads."""
