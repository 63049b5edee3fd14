package fix

import "go/version"

// allows reports whether a file may use what came with a release of Go. A build constraint that asks for a release
// counts more than the version of the module; a version that is not known is the newest.
func (f *Func) allows(release string) bool {
	v := f.Pkg.GoVersion()
	if own := f.syntax.GoVersion; own != "" {
		v = own
	}
	return v == "" || version.Compare(v, release) >= 0
}
