"""People in posts, and what their ties allow: seats, chains, absences, accounts, duties. Dated, nothing deleted."""
