package weaker
