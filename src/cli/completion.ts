/** `sluicegate completion <shell>`: a few lines that ask `sluicegate complete` at each Tab. */

export type Shell = "bash" | "zsh" | "fish" | "pwsh";

/** Prints the script of a shell. */
export function printCompletion(shell: Shell): void {
  process.stdout.write(scripts[shell]);
}

/** A shell completes names of files by itself where nothing else fits. */
const scripts: Readonly<Record<Shell, string>> = {
  // bash takes a colon for the end of a word, and leaves quotes in the words that it gives.
  bash: `# sluicegate: completion for bash. source <(sluicegate completion bash)
_sluicegate() {
  local IFS=$'\\n' word
  COMPREPLY=()
  while read -r word; do
    COMPREPLY+=("$word")
  done < <(sluicegate complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[[:space:]]* ]] && COMPREPLY[0]=$(printf '%q' "\${COMPREPLY[0]}")
  return 0
}
complete -o default -F _sluicegate sluicegate
`,
  zsh: `#compdef sluicegate
# sluicegate: completion for zsh. Put it into a folder of $fpath as _sluicegate, or: source <(sluicegate completion zsh)
_sluicegate() {
  local -a found
  found=("\${(@f)$(sluicegate complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  found=("\${(@)found:#}")
  if (( \${#found} )); then
    compadd -a found
  else
    _files
  fi
}
if [ "\${funcstack[1]}" = "_sluicegate" ]; then
  _sluicegate "$@"
elif (( $+functions[compdef] )); then
  compdef _sluicegate sluicegate
fi
`,
  fish: `# sluicegate: completion for fish. sluicegate completion fish > ~/.config/fish/completions/sluicegate.fish
function __sluicegate_complete
    set -l words (commandline -opc) (commandline -ct)
    sluicegate complete -- $words[2..-1] 2>/dev/null
end
complete -c sluicegate -a '(__sluicegate_complete)'
`,
  pwsh: `# sluicegate: completion for PowerShell. sluicegate completion pwsh | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName sluicegate -ScriptBlock {
  param($word, $tree, $cursor)
  $words = @($tree.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($word -eq '') { $words += '' }
  sluicegate complete -- @words 2>$null | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`,
};
