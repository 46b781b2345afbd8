# Completion of ebb for fish: ebb completion fish > ~/.config/fish/completions/ebb.fish
function __ebb_words
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] complete-words $words[2..-1] 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c ebb -f -a '(__ebb_words)'
