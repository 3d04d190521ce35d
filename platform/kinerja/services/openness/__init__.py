"""What keeps the system honest and understood: audit, fairness without showing the few, training, questions, where uptake lags."""
