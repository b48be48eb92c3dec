using System.Collections.Immutable;

namespace WebVmMap.Hub.Schedules;

/// <summary>
/// The schedules and rules. Members that return a task throw <see cref="Store.StoreException"/> when the database refuses. Thread-safe.
/// </summary>
public interface ISchedules
{
    /// <summary>How many there may be.</summary>
    const int Maximum = 200;

    /// <summary>All of them, by host and name. A new array after every change.</summary>
    ImmutableArray<Schedule> All { get; }

    /// <summary>Wakes a view after a change; the wake carries no data and must return at once. Ends with its disposal.</summary>
    IDisposable Subscribe(Action wake);

    /// <summary>Makes one. An interval runs at once and then every so many minutes.</summary>
    /// <exception cref="ArgumentException">It has a <see cref="NewSchedule.Problem"/>, or there are too many.</exception>
    Task<Schedule> AddAsync(NewSchedule schedule, string who, CancellationToken cancellation);

    /// <summary>Changes one; null when there is none of that id.</summary>
    /// <exception cref="ArgumentException">The change cannot be; the message says why.</exception>
    Task<Schedule?> ChangeAsync(string id, ScheduleChange change, CancellationToken cancellation);

    /// <summary>Deletes one; its snapshots stay. False when there is none of that id.</summary>
    Task<bool> DeleteAsync(string id, string who, CancellationToken cancellation);
}
