# Completes PROGRAM in bash: source <(PROGRAM completion bash)
FUNCTION() {
    local line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]} suggestion
    # An equals sign is a word of its own to bash.
    [[ $word == = ]] && word=
    COMPREPLY=()
    while IFS= read -r suggestion; do
        [[ -n $suggestion && $suggestion == "$word"* ]] && COMPREPLY+=("$suggestion")
    done < <("${COMP_WORDS[0]/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null)
}
# Where the program knows nothing, there are files.
complete -o bashdefault -o default -F FUNCTION PROGRAM
