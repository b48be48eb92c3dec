using System.Collections.Immutable;

namespace WebVmMap.Recording;

/// <summary>A program to start under recording. Immutable.</summary>
public sealed record LaunchRequest
{
    /// <summary>The program, found along PATH when it has no slash, and its arguments; at least the program.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>Where it starts; the agent's own directory when empty.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>What is set or, with an empty value, removed of the agent's environment.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether the processes that it starts are recorded too, each as a recording of its own (<see cref="IRecording.ReadChildrenAsync"/>).</summary>
    public bool FollowChildren { get; init; }

    /// <summary>Whether its output goes where the agent's goes; otherwise nowhere.</summary>
    public bool InheritOutput { get; init; }
}
