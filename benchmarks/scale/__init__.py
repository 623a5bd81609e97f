"""How the library behaves where data is large or something goes wrong: kills, growth, hostility."""
