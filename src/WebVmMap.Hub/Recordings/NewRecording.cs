using System.Collections.Immutable;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>A recording that is asked for: of a process that runs, or of a program to start. Immutable.</summary>
public sealed record NewRecording
{
    /// <summary>Most words of a command.</summary>
    public const int MaximumWords = 1000;

    /// <summary>Most variables of the environment.</summary>
    public const int MaximumVariables = 1000;

    /// <summary>Most characters of all words, variables and the directory together.</summary>
    public const int MaximumText = 30_000;

    /// <summary>The host.</summary>
    public required string HostId { get; init; }

    /// <summary>The process to attach to; null to start a program.</summary>
    public int? Pid { get; init; }

    /// <summary>Its start stamp, so that a later process with the same id is not taken for it; 0 for whichever has the id.</summary>
    public long StartStamp { get; init; }

    /// <summary>The program to start and its arguments; empty to attach.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Where it starts; the agent's own directory when empty.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>What is set or, with an empty value, removed of the agent's environment.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether the processes that the program starts are recorded too, each as a recording of its own.</summary>
    public bool FollowsChildren { get; init; }

    /// <summary>Whether only samples are recorded.</summary>
    public bool Sampled { get; init; }

    /// <summary>One sample every so many bytes on average; 0 for the agent's default.</summary>
    public long SampleBytes { get; init; }

    /// <summary>What is wrong with it, one sentence; null for nothing.</summary>
    public string? Problem
    {
        get
        {
            if (Pid is null == Command.IsEmpty)
            {
                return "Give either pid, to attach to a process that runs, or command, to start a program.";
            }
            if (Pid is null && StartStamp != 0)
            {
                return "startStamp is of a process that runs: give its pid too.";
            }
            if (Pid is <= 0)
            {
                return "A pid is above 0.";
            }
            if (!Command.IsEmpty && string.IsNullOrWhiteSpace(Command[0]))
            {
                return "The first word of the command is the program, and may not be empty.";
            }
            if (Pid is not null && (WorkingDirectory.Length > 0 || Environment.Count > 0))
            {
                return "workingDirectory and environment are for a program to start, not for a process that runs.";
            }
            if (Pid is not null && FollowsChildren)
            {
                return "children is for a program to start: those that a process starts that runs already cannot be followed.";
            }
            if (SampleBytes != 0 && (!Sampled || SampleBytes is < RecordingLimits.MinSampleBytes or > RecordingLimits.MaxSampleBytes))
            {
                return $"sampleBytes goes with mode sampled, and is from {RecordingLimits.MinSampleBytes} to {RecordingLimits.MaxSampleBytes}.";
            }
            var text = Command.Sum(word => word.Length) + WorkingDirectory.Length + Environment.Sum(variable => variable.Key.Length + variable.Value.Length);
            return Command.Length > MaximumWords || Environment.Count > MaximumVariables || text > MaximumText
                ? $"Command, workingDirectory and environment may have {MaximumWords} words, {MaximumVariables} variables and {MaximumText} characters together."
                : Command.Concat(Environment.Keys).Concat(Environment.Values).Append(WorkingDirectory).Any(word => word.Contains('\0', StringComparison.Ordinal))
                    || Environment.Keys.Any(name => name.Length == 0 || name.Contains('=', StringComparison.Ordinal))
                    ? "A word may not hold the character with code zero, and a variable's name neither that nor = nor nothing at all."
                    : null;
        }
    }
}
