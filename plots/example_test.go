package plots_test

import (
	"bytes"
	"fmt"
	"image/png"
	"math"

	"github.com/ebb-sim/ebb/plots"
)

// A price with and without what a mechanism did. A step without a price is NaN and leaves
// a gap.
func ExamplePrice() {
	figure, err := plots.Price(plots.PriceData{
		Frame:          plots.Frame{Title: "Bitcoin with and without redemptions", Subtitle: "USD per coin", Scenario: "first", Size: plots.HalfPage},
		Timeline:       plots.Timeline{Steps: 4, Caption: "days after the news"},
		Price:          []float64{90_000, 81_400, math.NaN(), 79_800},
		Counterfactual: []float64{90_000, 81_400, math.NaN(), 81_400},
		Without:        "without the response",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var file bytes.Buffer
	if err := figure.PNG(&file); err != nil {
		fmt.Println(err)
		return
	}
	picture, err := png.DecodeConfig(&file)
	fmt.Println(picture.Width > picture.Height, err)
	// Output: true <nil>
}
