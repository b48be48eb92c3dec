using System.Collections.Immutable;

namespace WebVmMap.Hub.Hosts;

/// <summary>Every host the hub knows, online or not. Thread-safe.</summary>
public interface IHostDirectory
{
    /// <summary>The hosts, by name.</summary>
    ImmutableArray<HostState> Hosts { get; }

    /// <summary>One host, or null when there is none of that id.</summary>
    HostState? Find(string hostId);

    /// <summary>
    /// Wakes the caller after every change, until disposed. The wake carries no data and must return at once;
    /// read <see cref="Hosts"/> from it or later.
    /// </summary>
    IDisposable Subscribe(Action wake);
}
