//go:build lockcheck && !race

package lockcheck

func raceDisable() {}
func raceEnable()  {}
