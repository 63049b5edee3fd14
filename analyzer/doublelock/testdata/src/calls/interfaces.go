// Purpose: interface calls. Where the concrete value is visible in the function
// the call is as good as static; where it is not, nothing is said.

package calls

import "sync"

type Sizer interface{ Size() int }

type File struct {
	mu   sync.Mutex
	size int
}

func (f *File) Size() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.size
}

func (f *File) VisibleBad() int {
	var s Sizer = f
	f.mu.Lock()
	defer f.mu.Unlock()
	return s.Size() // want `calling .*Size locks f\.mu \(interfaces\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func (f *File) VisibleOk() int {
	var s Sizer = f
	f.mu.Lock()
	f.size++
	f.mu.Unlock()
	return s.Size()
}

// Which Sizer? Unknown.
func (f *File) ParameterOk(s Sizer) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.size + s.Size()
}

// The concrete type is known, the instance is another one.
func (f *File) OtherOk() int {
	var s Sizer = &File{}
	f.mu.Lock()
	defer f.mu.Unlock()
	return s.Size()
}

func measure(s Sizer) int { return s.Size() }

// The value becomes an interface at the call.
func (f *File) ArgumentBad() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return measure(f) // want `calling .* locks f\.mu .*already held from line \d+; the call never returns \(doublelock\)`
}

func (f *File) ArgumentOk() int {
	f.mu.Lock()
	f.size++
	f.mu.Unlock()
	return measure(f)
}
