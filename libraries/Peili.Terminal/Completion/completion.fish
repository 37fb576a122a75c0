# Completes PROGRAM in fish: PROGRAM completion fish >~/.config/fish/completions/PROGRAM.fish
function FUNCTION
    set -l line (commandline --current-process --cut-at-cursor)
    set -l program (commandline --current-process --tokenize)[1]
    set -l suggestions ($program "[suggest:"(string length -- $line)"]" $line 2>/dev/null)
    # Where the program knows nothing, there are files.
    if test -n "$suggestions"
        printf '%s\n' $suggestions
    else
        __fish_complete_path (commandline --current-token)
    end
end
complete --command PROGRAM --no-files --arguments '(FUNCTION)'
