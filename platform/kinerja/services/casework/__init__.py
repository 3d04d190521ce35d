"""Work on cases: tasks and their answers, monitoring, peers, what follows a result, and the pages of a case."""
