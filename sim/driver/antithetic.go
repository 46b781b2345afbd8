package driver

import (
	"fmt"

	"github.com/ebb-sim/ebb/sim"
)

// symmetric is a source whose news lies symmetrically about a centre that is known
// before the step. Its innovations lie so about 0.
type symmetric interface {
	sim.Source
	centre(out []float64) // by asset, of the coming step
}

func (s *diffusing) centre(out []float64) { copy(out, s.mean) }

func (s *clustering) centre(out []float64) {
	for a, h := range s.variance {
		out[a] = s.drift - h/2
	}
}

// The sizes of jumps lie symmetrically about their mean, and so does the news where
// that is 0.
func (s *jumping) centre(out []float64) { copy(out, s.mean) }

// mirror pairs the paths of a driver (Hammersley and Morton 1956, Mathematical
// Proceedings of the Cambridge Philosophical Society 52).
func mirror(d sim.Driver) (sim.Driver, error) {
	if m, ok := d.(*merton); ok && m.size != 0 {
		return nil, fmt.Errorf("jumps of mean %v: with the other sign they are other jumps; expected a jump_mean of 0", m.size)
	}
	if _, ok := d.Start(0, 0).(symmetric); !ok {
		return nil, fmt.Errorf("news of %s, which has no mirror image; expected gbm, student, garch, or merton with a jump_mean of 0", d.Name())
	}
	return antithetic{d}, nil
}

type antithetic struct{ sim.Driver }

func (antithetic) Group() int { return 2 }

func (d antithetic) Alone() sim.Driver { return d.Driver }

func (d antithetic) Start(seed, path uint64) sim.Source {
	source := d.Driver.Start(seed, path&^1)
	if path&1 == 0 {
		return source
	}
	return &mirrored{source: source.(symmetric)} // mirror has seen to it
}

// mirrored is a path with the news of another on the other side of its centre.
type mirrored struct {
	source symmetric
	about  []float64
}

func (m *mirrored) Next(step int, news, innovations []float64) {
	if m.about == nil {
		m.about = make([]float64, len(news))
	}
	m.source.centre(m.about)
	m.source.Next(step, news, innovations)
	for a, centre := range m.about {
		news[a] = 2*centre - news[a]
	}
	for i, v := range innovations {
		innovations[i] = -v
	}
}
