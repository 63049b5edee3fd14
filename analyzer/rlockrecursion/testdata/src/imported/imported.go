// Purpose: the writer is in an imported package only; so may be the second
// read lock.

package imported

import "imported/feed"

func DirectBad(f *feed.Feed) int {
	f.RLock()
	defer f.RUnlock()
	f.RLock() // want `f(\.RWMutex)? is read-locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
	defer f.RUnlock()
	return len(f.Items)
}

func DirectOk(f, g *feed.Feed) int {
	f.RLock()
	defer f.RUnlock()
	g.RLock()
	defer g.RUnlock()
	return len(f.Items) + len(g.Items)
}

func CallBad(f *feed.Feed) int {
	f.RLock()
	defer f.RUnlock()
	return f.Len() // want `calling \(\*feed\.Feed\)\.Len read-locks f(\.RWMutex)? \(feed\.go:\d+\).* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func CallOk(f *feed.Feed) int {
	f.RLock()
	n := len(f.Items)
	f.RUnlock()
	return n + f.Len()
}

// No writer there, none here.
func ArchiveOk(a *feed.Archive) int {
	a.Mu.RLock()
	defer a.Mu.RUnlock()
	return a.Len()
}

func GlobalBad() int {
	feed.Mu.RLock()
	defer feed.Mu.RUnlock()
	return feed.Get() // want `calling feed\.Get read-locks feed\.Mu \(feed\.go:\d+\).* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func GlobalOk() int {
	feed.Mu.RLock()
	n := feed.Count
	feed.Mu.RUnlock()
	return n + feed.Get()
}

// An importing type around the imported one.
type view struct {
	*feed.Feed
	title string
}

func (v *view) embeddedBad() int {
	v.RLock()
	defer v.RUnlock()
	return v.Len() // want `calling .*Len read-locks v(\.Feed)?(\.RWMutex)? \(feed\.go:\d+\).* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (v *view) embeddedOk() int {
	v.RLock()
	defer v.RUnlock()
	return len(v.Items)
}
