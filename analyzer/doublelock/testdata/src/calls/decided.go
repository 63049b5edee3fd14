package calls

import "sync"

// What decides at the callee is told by what it is given.

type session struct {
	key *int
	mu  sync.Mutex
	id  string
}

// account gives post the key, and post asks for the account only without one.
func (s *session) account() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.id = s.post(s.key)
	return s.id
}

func (s *session) post(key *int) string {
	if key == nil {
		if s.key == nil {
			return ""
		}
		return s.account()
	}
	return "posted"
}

func (s *session) order() string { return s.post(nil) }

type relay struct {
	key, other *int
	mu         sync.Mutex
	id         string
}

// account gives post another key than the one that post looks at.
func (r *relay) account() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.post(r.other) // want `calling \(\*relay\)\.post can lock r\.mu \(.*\), which is already held`
}

func (r *relay) post(key *int) {
	if key == nil {
		if r.key == nil {
			return
		}
		r.account()
	}
}
