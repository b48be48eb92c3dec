using System.Globalization;
using Microsoft.Extensions.Logging;

namespace WebVmMap.Agent.Logging;

/// <summary>
/// Log lines as plain text: time, level where it matters, message. One line for each event, whatever the message holds; an
/// unexpected exception follows on lines of its own. Thread-safe.
/// </summary>
internal sealed class LineLogger(TextWriter output, TimeProvider time) : ILogger
{
    private readonly Lock _lock = new();

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
        var clock = time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var level = logLevel switch
        {
            LogLevel.Warning => "warning: ",
            >= LogLevel.Error => "error: ",
            _ => "",
        };
        // A process's name or a hub's words may hold line ends; they must not look like lines of this log.
        var text = formatter(state, exception).ReplaceLineEndings(" ");
        lock (_lock)
        {
            output.WriteLine($"{clock} {level}{text}");
            if (exception is not null)
            {
                output.WriteLine(exception);
            }
            output.Flush();
        }
    }
}
