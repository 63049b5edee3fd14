// Package ignore defines the check of lockcheck's own directives.
//
// # Analyzer ignore
//
// ignore: report directives that silence nothing or are malformed
//
// # What is reported
//
// A comment
//
//	//lockcheck:ignore check reason
//
// which names no known check, gives no reason, or stands where nothing is found. A
// directive of the first two kinds has no effect.
//
// # Why it is a bug
//
// A directive that silences nothing today may silence a real deadlock tomorrow.
//
// # How to fix
//
// Remove the directive, or complete it.
//
// # What is not found
//
// The directives of other tools (//lint:ignore, //nolint) are honoured but not
// checked. A directive on a lock order that is no deadlock as far as this package
// sees counts as used: an importer may see the rest of the cycle.
package ignore
