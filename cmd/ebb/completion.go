package main

import (
	"embed"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

// scripts ask ebb itself how a word may go on, so that they need no change when a
// command, a flag or a scenario is added.
//
//go:embed completion
var scripts embed.FS

// shells are those with a script, by the ending of its file.
var shells = []struct{ name, script string }{
	{"bash", "ebb.bash"}, {"zsh", "ebb.zsh"}, {"fish", "ebb.fish"}, {"powershell", "ebb.ps1"},
}

func completionCommand() *cli.Command {
	var names []string
	for _, k := range shellNames() {
		names = append(names, k.word)
	}
	return &cli.Command{
		Name:      "completion",
		Usage:     "print the script with which a shell completes ebb's words",
		ArgsUsage: strings.Join(names, "|"),
		Description: `Completes commands, flags, files, and the names of bundled scenarios, strategies, mechanisms
and all else that ebb explain knows.

   source <(ebb completion bash)                                     in ~/.bashrc
   source <(ebb completion zsh)                                      in ~/.zshrc, after compinit
   ebb completion fish > ~/.config/fish/completions/ebb.fish
   ebb completion powershell | Out-String | Invoke-Expression        in $PROFILE`,
		Action: func(c *cli.Context) error {
			name, err := oneArgument(c, "the name of a shell")
			if err != nil {
				return err
			}
			for _, s := range shells {
				if s.name != name {
					continue
				}
				text, err := scripts.ReadFile("completion/" + s.script)
				if err != nil {
					return err
				}
				_, err = c.App.Writer.Write(text)
				return err
			}
			return unknown("completion for", name, names)
		},
	}
}

// completeWordsCommand is what the scripts call, with the words of a command line after
// "ebb", the last of them unfinished: one candidate a line, a tab, and what it is; and
// a line ":files" where a file may stand.
func completeWordsCommand() *cli.Command {
	return &cli.Command{
		Name:            "complete-words",
		Usage:           "how a command line may go on, for the scripts of ebb completion",
		Hidden:          true,
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			words := c.Args().Slice()
			if len(words) > 0 && words[0] == "--then-empty" {
				words = append(words[1:], "")
			}
			candidates, files := completions(c.App, words)
			for _, k := range candidates {
				if _, err := fmt.Fprintf(c.App.Writer, "%s\t%s\n", k.word, k.about); err != nil {
					return err
				}
			}
			if files {
				_, err := fmt.Fprintln(c.App.Writer, ":files")
				return err
			}
			return nil
		},
	}
}
