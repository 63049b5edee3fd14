// Command corpus is a collection of programs that deadlock, could deadlock, or could not
// but look as if they could. It is written against sync; the test in the folder above
// builds it against each implementation by replacing that import, and compares what each
// reports. Nothing here may name an implementation.
package main
