using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;

namespace WebVmMap.Agent.Service;

/// <summary>Log lines as entries of the Windows event log: a service has no standard error. Thread-safe, as EventLog.WriteEntry is.</summary>
[SupportedOSPlatform("windows")]
internal sealed class EventLogLogger(EventLog log) : ILogger
{
    // https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-reporteventw: 31,839 characters at most.
    private const int MaxLength = 30_000;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }
        var text = exception is null ? formatter(state, exception) : $"{formatter(state, exception)}\n{exception}";
        var type = logLevel switch
        {
            LogLevel.Warning => EventLogEntryType.Warning,
            >= LogLevel.Error => EventLogEntryType.Error,
            _ => EventLogEntryType.Information,
        };
        log.WriteEntry(text.Length <= MaxLength ? text : text[..MaxLength], type, eventId.Id);
    }
}
