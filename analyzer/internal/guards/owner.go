package guards

import (
	"maps"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
)

// A struct that several others contain has a discipline for each of them: one counts with its mutex, another atomically. Where all
// accesses to a place tell which field the struct is in, those in different fields are different places. One access through a
// pointer to the struct itself may be to any of them, and makes them one.

// owners returns the fields that contain the struct of a place, in order; nil if there are not several, or some access does not
// tell.
func owners(all []access.Access) []string {
	set := map[string]bool{}
	for i := range all {
		if all[i].Within == "" {
			return nil
		}
		set[all[i].Within] = true
	}
	if len(set) < 2 {
		return nil
	}
	return slices.Sorted(maps.Keys(set))
}

// split returns the places that a place is, by owner.
func (p *Place) split() []*Place {
	var all []access.Access
	for _, s := range p.Sites {
		all = append(all, s.Access)
	}
	os := owners(all)
	if os == nil {
		return []*Place{p}
	}
	var out []*Place
	for _, o := range os {
		q := *p
		q.Sites = sitesIn(p.Sites, o)
		out = append(out, &q)
	}
	return out
}

// split returns the places that a place is, by owner.
func (p *AtomicPlace) split() []*AtomicPlace {
	os := owners(p.All)
	if os == nil {
		return []*AtomicPlace{p}
	}
	var out []*AtomicPlace
	for _, o := range os {
		q := *p
		q.All = slices.DeleteFunc(slices.Clone(p.All), func(a access.Access) bool { return a.Within != o })
		q.Sites, q.Tests = sitesIn(p.Sites, o), sitesIn(p.Tests, o)
		out = append(out, &q)
	}
	return out
}

func sitesIn(sites []*Site, owner string) []*Site {
	return slices.DeleteFunc(slices.Clone(sites), func(s *Site) bool { return s.Within != owner })
}
