// Purpose: one lock under several names: parameters of type *sync.Mutex, local
// pointers, pointer fields, copies of the owner's pointer.

package identity

import "sync"

type Meter struct {
	mu  sync.Mutex
	aux sync.Mutex
	ref *sync.Mutex
	v   int
}

func NewMeter() *Meter { return &Meter{ref: new(sync.Mutex)} }

func lockedAdd(mu *sync.Mutex, v *int) {
	mu.Lock()
	*v++
	mu.Unlock()
}

func ParameterBad(mu *sync.Mutex, v *int) {
	mu.Lock()
	*v++
	mu.Lock() // want `mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	mu.Unlock()
}

func ParameterOk(mu, other *sync.Mutex, v *int) {
	mu.Lock()
	other.Lock()
	*v++
	other.Unlock()
	mu.Unlock()
}

func (m *Meter) PassedBad() {
	m.mu.Lock()
	defer m.mu.Unlock()
	lockedAdd(&m.mu, &m.v) // want `calling lockedAdd locks m\.mu \(pointers\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func (m *Meter) PassedOk() {
	m.mu.Lock()
	defer m.mu.Unlock()
	lockedAdd(&m.aux, &m.v)
}

func (m *Meter) AliasBad() {
	p := &m.mu
	p.Lock()
	m.v++
	m.mu.Lock() // want `(p|m\.mu) is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	p.Unlock()
}

func (m *Meter) AliasOk() {
	p := &m.mu
	p.Lock()
	m.v++
	m.mu.Unlock()
	m.mu.Lock()
	m.v++
	p.Unlock()
}

// The alias is one lock on one path, another on the other.
func (m *Meter) EitherOk(aux bool) {
	p := &m.mu
	if aux {
		p = &m.aux
	}
	p.Lock()
	m.v++
	p.Unlock()
	m.mu.Lock()
	m.v++
	m.mu.Unlock()
}

// Whichever it is, it is the same both times.
func (m *Meter) EitherBad(aux bool) {
	p := &m.mu
	if aux {
		p = &m.aux
	}
	p.Lock()
	m.v++
	p.Lock() // want `p is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)|m\.(mu|aux) is locked again .*\(doublelock\)`
}

func (m *Meter) FieldBad() {
	m.ref.Lock()
	m.v++
	m.ref.Lock() // want `m\.ref is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	m.ref.Unlock()
}

func (m *Meter) FieldOk() {
	m.ref.Lock()
	m.mu.Lock()
	m.v++
	m.mu.Unlock()
	m.ref.Unlock()
}

// The pointer field is set to another lock in between.
func (m *Meter) ReplacedOk() {
	old := m.ref
	old.Lock()
	m.ref = new(sync.Mutex)
	m.ref.Lock()
	m.v++
	m.ref.Unlock()
	old.Unlock()
}

func (m *Meter) OwnerAliasBad() {
	n := m
	n.mu.Lock()
	n.v++
	m.mu.Lock() // want `[nm]\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	n.mu.Unlock()
}

// A pointer to a pointer, and a struct that carries the pointer.
type guard struct{ mu *sync.Mutex }

func (g guard) add(v *int) {
	g.mu.Lock()
	*v++
	g.mu.Unlock()
}

func (m *Meter) CarriedMissed() {
	g := guard{mu: &m.mu}
	m.mu.Lock()
	defer m.mu.Unlock()
	// not found: the fields of a struct value are not followed into the callee
	g.add(&m.v)
}

func (m *Meter) CarriedOk() {
	g := guard{mu: &m.aux}
	m.mu.Lock()
	defer m.mu.Unlock()
	g.add(&m.v)
}
