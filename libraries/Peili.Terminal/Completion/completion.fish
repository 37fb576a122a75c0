# Completes PROGRAM in fish: PROGRAM completion fish >~/.config/fish/completions/PROGRAM.fish
function FUNCTION
    set -l line (commandline --current-process --cut-at-cursor)
    set -l program (commandline --current-process --tokenize)[1]
    # On a dumb terminal .NET leaves the keypad alone.
    set -l suggestions (env TERM=dumb $program "[suggest:"(string length -- $line)"]" $line 2>/dev/null)
    # Where the program knows nothing, there are files.
    if test -n "$suggestions"
        # Of --output=json it is json that is suggested, and the whole word that fish wants.
        set -l option (string match --regex -- '^--[^=]*=' (commandline --current-token --cut-at-cursor))
        printf '%s\n' "$option"$suggestions
    else
        __fish_complete_path (commandline --current-token)
    end
end
complete --command PROGRAM --no-files --arguments '(FUNCTION)'
