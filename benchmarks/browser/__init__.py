"""The report's page in a browser: size, time to see it, controls, errors, accessibility."""
