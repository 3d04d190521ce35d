"""Posts looked at from above: the position map, who holds what and has held it, vacancies with those who might fill them."""
