// Package scenarios answers one question: what does the researcher ask?
//
// A scenario is a YAML file, read strictly: [Parse] decodes it into a [Spec]
// and reports every fault at once as [data.Faults], each with file, line,
// column, what was found, what was expected and the offending line. The struct
// tags of the Spec types are those of package mechanism, with
//
//	oneof    the words a text may be, separated by |
//	pattern  regular expression of a text
//	key      what the keys of a map are
//
// and every quantity is written as people write it ([param.Parse]). The same
// tags give the JSON schema, [Schema].
package scenarios
