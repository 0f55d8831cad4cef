test $(git rev-parse HEAD) = abc
