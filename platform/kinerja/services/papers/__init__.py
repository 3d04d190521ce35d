"""What goes on paper: contents, the number register, letters on decisions and objections, printing."""
