package report

import (
	"bytes"
	_ "embed" // the memo's template
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"
)

var (
	//go:embed memo.md.tmpl
	memoText string

	memoTemplate = template.Must(template.New("memo.md").Funcs(template.FuncMap{
		"shown": shown, "text": markdown, "label": label, "row": pipeRow, "rule": pipeRule, "fence": fence, "fenced": func(x Text) string { return strings.TrimRight(x.Text, "\n") },
	}).Parse(memoText))
)

// Markdown writes the document as Markdown with pipe tables, as GitHub reads it. Pictures
// are those beside it.
func (d *Document) Markdown(w io.Writer) error {
	var b bytes.Buffer
	if err := memoTemplate.Execute(&b, clean(d)); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	_, err := w.Write(bytes.TrimRight(b.Bytes(), "\n"))
	if err == nil {
		_, err = io.WriteString(w, "\n")
	}
	return err
}

// shown tells whether Markdown shows a picture's file; it only links a PDF.
func shown(file string) bool { return path.Ext(file) != ".pdf" }

// markdown writes a text as a line of its own, so that nothing in it is markup.
func markdown(text string) string {
	text = inline(text)
	if text != "" && strings.ContainsRune("#+-=[", rune(text[0])) {
		return "\\" + text // else it is a heading, a list or a task
	}
	if end := strings.IndexAny(text, ".)"); end > 0 && strings.Trim(text[:end], "0123456789") == "" && (end+1 == len(text) || text[end+1] == ' ') {
		return text[:end] + "\\" + text[end:] // else it is the entry of a list
	}
	return text
}

// inline writes a text within a line.
func inline(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	var b strings.Builder
	before := rune(' ')
	for i, r := range text {
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		switch {
		case strings.ContainsRune("\\`*<>|~", r),
			r == '[' && after == '^',                       // else it is a footnote
			r == ']' && strings.ContainsRune("([:", after), // else a link ends there
			r == '_' && !(word(before) && word(after)),     // else emphasis begins or ends there
			r == '$' && !unicode.IsDigit(after):            // else it is a formula and not money
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '&':
			b.WriteString("&amp;")
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}

// label is a text in brackets.
func label(text string) string {
	return strings.NewReplacer(`\[`, `\[`, `\]`, `\]`, "[", `\[`, "]", `\]`).Replace(inline(text))
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// pipeRow is a row of a table as wide as its head.
func pipeRow(row []string, head []string) string {
	var b strings.Builder
	for i := range head {
		cell := ""
		if i < len(row) {
			cell = inline(row[i])
		}
		b.WriteString("| " + cell + " ")
	}
	return b.String() + "|"
}

// pipeRule stands under the head and sets columns of numbers to the right.
func pipeRule(t Table) string {
	var b strings.Builder
	for i := range t.Head {
		if i > 0 && numeric(t.Rows, i) {
			b.WriteString("| ---: ")
		} else {
			b.WriteString("| --- ")
		}
	}
	return b.String() + "|"
}

var backticks = regexp.MustCompile("`+")

// fence is longer than any in the text.
func fence(text string) string {
	longest := 2
	for _, run := range backticks.FindAllString(text, -1) {
		longest = max(longest, len(run))
	}
	return strings.Repeat("`", longest+1)
}
