// Package ssatest runs the engine on sources in strings, for tests of any part of it: type-checked, in SSA form,
// and analyzed as either driver does. That takes some milliseconds, see package typetest.
package ssatest
