// Package fixes has variables that a goroutine can declare anew.
package fixes

func first() error  { return nil }
func second() error { return nil }

type failure struct{}

func (*failure) Error() string { return "" }

func own() error {
	err := first()
	if err != nil {
		return err
	}
	go func() {
		err = first() // mended
		println(err)
	}()
	err = second() // want `err is assigned`
	return err
}

func ownIf() error {
	err := first()
	if err != nil {
		return err
	}
	go func() {
		if err = first(); err != nil {
			println(err)
		}
	}()
	err = second() // want `err is assigned`
	return err
}

// The caller wants what the goroutine assigns.
func result() error {
	err := first()
	go func() {
		err = first()
		println(err)
	}()
	return err // want `err is assigned`
}

// The new variable would not be seen at the end.
func scope(ok bool) error {
	err := first()
	if err != nil {
		return err
	}
	go func() {
		if ok {
			err = first()
		} else {
			err = second()
		}
		println(err)
	}()
	err = second() // want `err is assigned`
	return err
}

// The new variable would not be used.
func unused() error {
	err := first()
	if err != nil {
		return err
	}
	go func() {
		err = first()
	}()
	err = second() // want `err is assigned`
	return err
}

// The new variable would have another type.
func otherType() error {
	err := first()
	if err != nil {
		return err
	}
	go func() {
		err = &failure{}
		println(err.Error())
	}()
	err = second() // want `err is assigned`
	return err
}
