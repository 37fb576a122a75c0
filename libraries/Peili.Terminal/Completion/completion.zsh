#compdef PROGRAM
# Completes PROGRAM in zsh: a file _PROGRAM in a folder of $fpath, or source <(PROGRAM completion zsh) after compinit
FUNCTION() {
    local line="${(j: :)words[1,CURRENT]}"
    local -a suggestions
    suggestions=(${(f)"$("${(e)words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)"})
    compset -P '*='
    # Where the program knows nothing, there are files.
    if (( ${#suggestions} )); then
        compadd -a suggestions
    else
        _files
    fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    FUNCTION "$@"
else
    compdef FUNCTION PROGRAM
fi
