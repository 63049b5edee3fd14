module example.com/article

go 1.26.0
