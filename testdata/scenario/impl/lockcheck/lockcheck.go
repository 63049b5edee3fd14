// Package lockcheck keeps lockcheck among the requirements of this module: the programs
// import it only once their import of sync is replaced.
package lockcheck

import _ "github.com/lockcheck/lockcheck/runtime"
