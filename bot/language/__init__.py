"""The language model behind `graphs.ports.Model`: endpoints and their health, what a reply may take, and who asked."""
