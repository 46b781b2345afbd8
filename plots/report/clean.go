package report

import (
	"strings"
	"unicode"
)

// clean is the document without characters that no reader is to see: controls, which
// neither HTML nor Markdown may hold, and marks that turn the direction of what follows.
func clean(d *Document) *Document {
	out := *d
	out.Title, out.Status, out.Lead, out.Footer = plain(d.Title), plain(d.Status), plain(d.Lead), plain(d.Footer)
	out.Sections = make([]Section, len(d.Sections))
	for i, s := range d.Sections {
		out.Sections[i].Title = plain(s.Title)
		for _, b := range s.Blocks {
			out.Sections[i].Blocks = append(out.Sections[i].Blocks, cleanBlock(b))
		}
	}
	return &out
}

func cleanBlock(b Block) Block {
	switch x := b.(type) {
	case Paragraph:
		return Paragraph(plain(string(x)))
	case List:
		return List(plains(x))
	case Table:
		rows := make([][]string, len(x.Rows))
		for i, row := range x.Rows {
			rows[i] = plains(row)
		}
		colors := make(map[string]string, len(x.Colors))
		for name, color := range x.Colors {
			colors[plain(name)] = color
		}
		return Table{plain(x.Caption), plains(x.Head), rows, colors}
	case *Picture:
		next := *x
		next.Alt, next.Caption = plain(x.Alt), plain(x.Caption)
		return &next
	case Text:
		return Text{plain(x.Title), plain(x.Text), x.Folded}
	}
	return b // the script sets what the others hold as text
}

func plains(list []string) []string {
	out := make([]string, len(list))
	for i, text := range list {
		out[i] = plain(text)
	}
	return out
}

func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return unicode.ReplacementChar
		}
		return r
	}, strings.ReplaceAll(text, "\r\n", "\n"))
}
