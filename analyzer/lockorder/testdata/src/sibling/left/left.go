// Package left takes the locks in one order. Alone it is fine.
package left

import "sibling/base"

// Reserve locks the order, then the stock.
func Reserve(o *base.Order, s *base.Stock) {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	s.Mu.Lock()
	defer s.Mu.Unlock()
	for _, item := range o.Items {
		s.Left[item]--
	}
}

// Quote locks the order, then the price.
func Quote(o *base.Order, p *base.Price) (sum int) {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	p.Mu.Lock()
	defer p.Mu.Unlock()
	for _, item := range o.Items {
		sum += p.Of[item]
	}
	return sum
}
