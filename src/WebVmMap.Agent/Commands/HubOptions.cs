using System.CommandLine;
using WebVmMap.Agent.Policy;
using WebVmMap.Agent.Uplink;

namespace WebVmMap.Agent.Commands;

/// <summary>The options that say with which hub an agent talks and what it permits: the same for running it and for installing it.</summary>
internal sealed class HubOptions
{
    /// <summary>The variable that holds the key, so that it need not be in the process list.</summary>
    public const string KeyVariable = "WEBVMMAP_AGENT_KEY";

    /// <summary>Permits recordings.</summary>
    public const string RecordingOption = "--allow-recording";

    /// <summary>The option that permits a hub to empty working sets.</summary>
    public const string EmptyWorkingSetOption = "--allow-empty-working-set";

    /// <summary>Permits the lines of source files that recordings name.</summary>
    public const string SourceOption = "--allow-source";

    // Keys are 43 characters; this leaves room and keeps a wrong file from becoming a header.
    private const int MaxKeyLength = 512;

    private readonly Option<string> _hub = new("--hub")
    {
        Description = "Address of the hub for agents: https://HOST:PORT, or http://127.0.0.1:PORT on its own machine.",
        HelpName = "URL",
        Required = true,
    };

    private readonly Option<string?> _name = new("--name") { Description = "Name to appear under (default: this machine's).", HelpName = "NAME" };

    private readonly Option<string?> _token = new("--token")
    {
        Description = $"The agent's key. Other users can read it in the process list: better put it into {KeyVariable} or --token-file.",
        HelpName = "KEY",
    };

    private readonly Option<string?> _tokenFile = new("--token-file") { Description = "File that holds the agent's key.", HelpName = "FILE" };

    private readonly Option<string?> _pin = new("--pin")
    {
        Description = "Trust the hub's certificate of this SHA-256 fingerprint, and no other (for a self-signed one).",
        HelpName = "sha256:HEX",
    };

    private readonly Option<bool> _allowRecording = new(RecordingOption) { Description = "Let the hub record allocations: a tracer is put into the process." };

    private readonly Option<bool> _allowContents = new("--allow-contents") { Description = "Let memory contents leave this machine." };

    private readonly Option<bool> _allowEmptyWorkingSet = new(EmptyWorkingSetOption)
    {
        Description = "Let the hub take a process's pages out of memory: it is slower until it has them back.",
    };

    private readonly Option<bool> _allowSource = new(SourceOption)
    {
        Description = "Let the hub show source files of this machine that the debug information of a recorded program names.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_hub, _name, _token, _tokenFile, _pin, _allowRecording, _allowContents, _allowEmptyWorkingSet, _allowSource])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What they say.</summary>
    /// <exception cref="CommandException">They are wrong, or the key cannot be read.</exception>
    public UplinkOptions Read(ParseResult parsed)
    {
        if (!HubAddress.TryParse(parsed.GetRequiredValue(_hub), parsed.GetValue(_pin), out var hub, out var error))
        {
            throw CommandException.Usage(error);
        }
        var name = parsed.GetValue(_name);
        if (name is not null && (name.Trim().Length == 0 || name.Length > 100 || name.Any(char.IsControl)))
        {
            throw CommandException.Usage("--name has to be 1 to 100 printable characters.");
        }
        return new UplinkOptions
        {
            Hub = hub,
            Name = name?.Trim(),
            Key = ReadKey(parsed),
            Permissions = new AgentPermissions(parsed.GetValue(_allowRecording), parsed.GetValue(_allowContents), parsed.GetValue(_allowEmptyWorkingSet), parsed.GetValue(_allowSource)),
        };
    }

    private string? ReadKey(ParseResult parsed)
    {
        var (key, source) = (parsed.GetValue(_token), parsed.GetValue(_tokenFile)) switch
        {
            ({ }, { }) => throw CommandException.Usage("--token and --token-file exclude each other."),
            ({ } token, null) => (token, "--token"),
            (null, { } file) => (ReadKeyFile(file), file),
            _ => (Environment.GetEnvironmentVariable(KeyVariable), KeyVariable),
        };
        key = key?.Trim();
        if (string.IsNullOrEmpty(key))
        {
            return source == KeyVariable ? null : throw CommandException.Usage($"{source} holds no key: pass the one that 'webvmmap-hub agent-key create NAME' printed.");
        }
        return key.Length <= MaxKeyLength && key.All(c => c is > ' ' and <= '~')
            ? key
            : throw CommandException.Usage($"{source} holds no key: a key is one word of at most {MaxKeyLength} letters, digits and signs.");
    }

    private static string ReadKeyFile(string path)
    {
        try
        {
            using var file = File.OpenText(path);
            // A wrong path may name something endless.
            var buffer = new char[MaxKeyLength + 3];
            return new string(buffer, 0, file.ReadBlock(buffer));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed($"The key cannot be read from '{path}': {exception.Message}");
        }
    }
}
