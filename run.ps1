#Requires -Version 5.1
<#
.SYNOPSIS
Builds and starts the hub and an agent for this machine: what run.sh does on Linux.
.DESCRIPTION
Prints one line, "Open http://...", on standard output when both are ready. Ctrl+C stops them.
.EXAMPLE
.\run.ps1 --port 5080 --data C:\ProgramData\webvmmap --no-browser --demo
#>

$ErrorActionPreference = 'Stop'

function Say([string] $Text) { [Console]::Error.WriteLine($Text) }

# The same options as run.sh, so read by hand: PowerShell's own would begin with a single dash.
function Stop-WrongUsage {
    Say 'usage: .\run.ps1 [--port N] [--data DIR] [--no-browser] [--demo]'
    exit 2
}

$port = 5080
$data = Join-Path ([Environment]::GetFolderPath('LocalApplicationData')) 'webvmmap'
$browser = $true
$demo = $false
for ($i = 0; $i -lt $args.Count; $i++) {
    switch -CaseSensitive ([string] $args[$i]) {
        '--port' {
            $i++
            if ($i -ge $args.Count -or "$($args[$i])" -notmatch '^[0-9]{1,5}$') { Stop-WrongUsage }
            $port = [int] $args[$i]
        }
        '--data' {
            $i++
            if ($i -ge $args.Count -or "$($args[$i])" -eq '') { Stop-WrongUsage }
            $data = [string] $args[$i]
        }
        '--no-browser' { $browser = $false }
        '--demo' { $demo = $true }
        default { Stop-WrongUsage }
    }
}

function Stop-WithError([string] $Text) {
    Say $Text
    exit 1
}

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue) -or -not (@(dotnet --list-sdks) -match '^10\.')) {
    Stop-WithError 'The .NET SDK 10 is missing: install it as https://dotnet.microsoft.com/download describes, then run this again.'
}
if (-not (Get-Command node -ErrorAction SilentlyContinue) -or -not (Get-Command npm -ErrorAction SilentlyContinue) `
        -or [version] ((node --version) -replace '^v', '' -replace '-.*$', '') -lt [version] '20.19') {
    Stop-WithError 'Node.js 20.19 or newer with npm is missing: install it as https://nodejs.org/en/download describes, then run this again.'
}

$data = [IO.Path]::GetFullPath([IO.Path]::Combine((Get-Location).ProviderPath, $data))
$logs = Join-Path $data 'logs'
New-Item -ItemType Directory -Force -Path $logs | Out-Null

Say 'Building (the first time takes about a minute)...'
foreach ($project in 'Hub', 'Agent', 'Demo') {
    # Its messages are in its standard output. Only the access line may go to ours: scripts read it.
    $messages = dotnet build ([IO.Path]::Combine($PSScriptRoot, 'src', "WebVmMap.$project")) -c Release --nologo -v quiet '-clp:ErrorsOnly'
    if ($LASTEXITCODE -ne 0) {
        $messages | ForEach-Object { Say $_ }
        $messages | Set-Content -LiteralPath (Join-Path $logs 'build.log')
        Stop-WithError "The build failed; its messages stand above and in $(Join-Path $logs 'build.log')."
    }
}

$started = [System.Collections.Generic.List[System.Diagnostics.Process]]::new()

function Start-Part([string] $Project, [string] $Program, [string[]] $Arguments, [string] $Log) {
    $folder = [IO.Path]::Combine($PSScriptRoot, 'src', "WebVmMap.$Project", 'bin', 'Release', 'net10.0')
    $file = Join-Path $folder "$Program.exe"
    if (-not (Test-Path -LiteralPath $file)) { $file = Join-Path $folder $Program }
    $start = @{
        FilePath               = $file
        PassThru               = $true
        RedirectStandardOutput = Join-Path $logs "$Log.out"
        RedirectStandardError  = Join-Path $logs "$Log.log"
    }
    if ($Arguments) {
        # Start-Process joins its arguments with blanks, so each is quoted here. A backslash before a quote would escape it.
        $start.ArgumentList = ($Arguments | ForEach-Object { '"' + ($_ -replace '(\\+)$', '$1$1') + '"' }) -join ' '
    }
    if ([Environment]::OSVersion.Platform -eq 'Win32NT') { $start.NoNewWindow = $true }
    $process = Start-Process @start
    # Without this, Windows PowerShell forgets how it ended.
    $null = $process.Handle
    $started.Add($process)
    $process
}

# A log that somebody else is writing. Nothing while it does not exist.
function Read-Log([string] $Name) {
    $path = Join-Path $logs $Name
    if (-not (Test-Path -LiteralPath $path)) { return '' }
    $stream = [IO.File]::Open($path, 'Open', 'Read', 'ReadWrite, Delete')
    try { [IO.StreamReader]::new($stream).ReadToEnd() } finally { $stream.Dispose() }
}

try {
    $landing = @()
    if ($demo) {
        $landing = @('--landing-pid', "$((Start-Part 'Demo' 'webvmmap-demo' @() 'demo').Id)")
    }
    $hub = Start-Part 'Hub' 'webvmmap-hub' (@('--port', "$port", '--data', $data) + $landing) 'hub'
    $agent = $null
    $line = $null
    $connected = $false
    $limit = [Diagnostics.Stopwatch]::StartNew()
    while (-not $connected) {
        if ($hub.HasExited) {
            Say ((Read-Log 'hub.out') + (Read-Log 'hub.log'))
            Stop-WithError 'The hub did not start.'
        }
        if ($agent -and $agent.HasExited) {
            Say (Read-Log 'agent.log')
            Stop-WithError 'The agent did not start.'
        }
        if ($limit.Elapsed.TotalSeconds -gt 60) { Stop-WithError "Hub and agent did not get ready within a minute; see $logs." }
        if (-not $line) {
            $line = (Read-Log 'hub.out') -split '\r?\n' | Where-Object { $_ -cmatch '^Open ' } | Select-Object -First 1
        }
        # The agent only once the hub listens: one that finds nobody tries again after a second or more.
        if ($line -and -not $agent) {
            $agent = Start-Part 'Agent' 'webvmmap-agent' @('run', '--hub', "http://127.0.0.1:$($port + 1)", '--allow-recording', '--allow-source', '--allow-empty-working-set') 'agent'
        }
        $connected = $agent -and (Read-Log 'agent.log') -match 'Connected to'
        if (-not $connected) { Start-Sleep -Milliseconds 50 }
    }

    [Console]::Out.WriteLine($line)
    Say "Logs are in $logs. Ctrl+C stops hub and agent."
    if ($browser -and [Environment]::OSVersion.Platform -eq 'Win32NT') { Start-Process $line.Substring(5) }
    while (-not ($hub.HasExited -or $agent.HasExited)) { Start-Sleep -Milliseconds 200 }
    Stop-WithError "The hub or the agent ended by itself; see $logs."
}
finally {
    # Also after Ctrl+C. In the reverse order of their start: the agent and the demo leave before the hub does.
    for ($i = $started.Count - 1; $i -ge 0; $i--) {
        if (-not $started[$i].HasExited) {
            try { $started[$i].Kill() } catch [InvalidOperationException] { Write-Verbose 'It ended just now.' }
            $started[$i].WaitForExit()
        }
    }
}
