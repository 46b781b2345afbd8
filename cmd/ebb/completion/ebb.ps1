# Completion of ebb for PowerShell. In $PROFILE: ebb completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ebb -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    # PowerShell drops an empty argument of a program, so that an empty last word is said by a flag.
    if ($wordToComplete -eq '') { $said = ebb complete-words --then-empty @words } else { $said = ebb complete-words @words }
    $said | ForEach-Object {
        if ($_ -eq ':files') {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
        } else {
            $word, $about = $_ -split "`t", 2
            [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $about)
        }
    }
}
