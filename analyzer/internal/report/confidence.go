package report

// A Reason is one thing that speaks against a finding.
type Reason struct {
	Why    string // a clause: "the lock is held on some paths only"
	Factor int    // what it leaves of the confidence, out of 100
}

// A Confidence is how sure a check is of a finding: 100, times the factor of each reason in turn. The zero value is 100.
type Confidence struct{ Reasons []Reason }

// Sure returns the confidence that a kind of evidence starts with; the reason says why it is not 100.
func Sure(percent int, why string) Confidence {
	var c Confidence
	c.Times(percent, why)
	return c
}

// Times lowers a confidence for a reason, to so many percent of what it is.
func (c *Confidence) Times(percent int, why string) {
	if percent < 100 {
		c.Reasons = append(c.Reasons[:len(c.Reasons):len(c.Reasons)], Reason{why, percent})
	}
}

// Value returns the confidence as a number of 1 to 100.
func (c Confidence) Value() int {
	n := 100
	for _, r := range c.Reasons {
		n = n * r.Factor / 100
	}
	return min(100, max(1, n))
}

// Band returns the band of the confidence.
func (c Confidence) Band() Band { return BandOf(c.Value()) }

// Weigh gives a finding its confidence, with the reasons.
func (f *Finding) Weigh(c Confidence) { f.Confidence, f.Reasons = c.Value(), c.Reasons }

// Times lowers the confidence of a finding for a reason.
func (f *Finding) Times(percent int, why string) {
	c := Confidence{f.Reasons}
	if len(f.Reasons) == 0 {
		c = Sure(f.Confidence, "weighed by the check")
	}
	c.Times(percent, why)
	f.Weigh(c)
}
