// Package calibrate answers one question: what do the data say?
//
// It estimates, from observed closes, fund flows, basis and premium, the parameters that
// a scenario takes for granted: each with its standard error, its intervals, the number
// of observations, its method, its window, and warnings where the data do not tell it.
// What the data cannot tell at all, such as the capital of trend followers, is not
// estimated, and the report says so.
//
// Standard errors allow for residuals of unequal variance that are correlated over a few
// periods (Newey and West, 1987, Econometrica 55(3)). Beside the interval that follows
// from them stands that of the stationary bootstrap (Politis and Romano, 1994, Journal of
// the American Statistical Association 89(428)). Errors of functions of estimates follow
// by the delta method from the influence of each period.
//
// The impact is an upper bound. The flow is ordered first: whatever moves with it on its
// day is put down to it, the orders of like-minded traders and flows that answer to the
// same day's price included.
package calibrate
