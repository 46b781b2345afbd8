# Completion of ebb for bash. In ~/.bashrc: source <(ebb completion bash)
_ebb() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            :files)
                # Names with spaces and folders are as bash writes them itself.
                compopt -o filenames 2>/dev/null
                while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
                ;;
            *) COMPREPLY+=("${line%%$'\t'*}") ;;
        esac
    done < <("${COMP_WORDS[0]}" complete-words "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _ebb ebb
