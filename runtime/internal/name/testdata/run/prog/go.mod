module example.com/run

go 1.26

require github.com/lockcheck/lockcheck v0.0.0

replace github.com/lockcheck/lockcheck => ../lock
