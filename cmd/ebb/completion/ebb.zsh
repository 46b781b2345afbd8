#compdef ebb
# Completion of ebb for zsh. In ~/.zshrc, after compinit: source <(ebb completion zsh)
_ebb() {
    local line word
    local -a found
    local files=
    for line in "${(@f)$("${words[1]}" complete-words "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        if [[ $line == :files ]]; then
            files=yes
        elif [[ -n $line ]]; then
            word=${line%%$'\t'*}
            found+=("${word//:/\\:}:${line#*$'\t'}")
        fi
    done
    local missed=1
    (( $#found )) && _describe ebb found && missed=0
    [[ -n $files ]] && _files && missed=0
    return missed
}
compdef _ebb ebb
