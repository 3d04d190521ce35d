"""Staff tables taken in from files: templates, cells, what rows are judged by, a preview, one transaction, and the way back."""
