"""What tools/run, tools/test and the whole-machine tests share."""
