package scenarios

// Rare asks how likely an event is that plain paths hardly ever show.
type Rare struct {
	Outcome        string   `yaml:"outcome" required:"true" doc:"which outcome"`
	Threshold      float64  `yaml:"threshold" unit:"amount" required:"true" doc:"what it passes, in the outcome's base unit"`
	Passes         string   `yaml:"passes" oneof:"at most|at least" doc:"on which side of the threshold it has passed"`
	Paths          int      `yaml:"paths" unit:"count" min:"1" doc:"paths drawn for it, beside those of simulate; pilot runs to find the tilt are not counted"`
	Tilt           *float64 `yaml:"tilt" unit:"factor" doc:"how many of its standard deviations the sum of the normal news over the run is moved, in the direction in which the assets move most together; sought by pilot runs (cross-entropy) where not given, then for every asset and observable apart"`
	UntiltedEvery  int      `yaml:"untilted_every" unit:"count" min:"0" max:"1000" doc:"of so many paths one is drawn without the tilt, so that no path counts more than so many; 0: none is" source:"5: a fifth of the paths, for weights of at most 5 (defensive mixture: Hesterberg 1995)"`
	LeastEffective float64  `yaml:"least_effective" unit:"fraction" min:"0" below:"1" doc:"the paths that pass must count as this share of all paths at least, by their effective number (Kish), and as 30; otherwise there is no answer" source:"1%: of 10,000 paths 100, a standard error of a tenth of the probability"`
}

// Defaults implements [param.Defaulter].
func (r *Rare) Defaults() {
	*r = Rare{Passes: "at most", Paths: 10_000, UntiltedEvery: 5, LeastEffective: .01}
}
