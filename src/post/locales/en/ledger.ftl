### What each read of an investigation says about itself. Written with the gatherers.
