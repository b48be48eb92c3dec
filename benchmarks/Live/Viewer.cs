using System.Diagnostics;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace WebVmMap.Benchmarks.Live;

/// <summary>Watches one process as a page does, and checks that no frame is missing.</summary>
internal sealed class Viewer : IAsyncDisposable
{
    private const byte NothingNew = 0;

    private readonly HubConnection _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private Task _reading = Task.CompletedTask;
    private long _sequence;
    private long _at;
    private ViewerCount _count;

    public Viewer(Uri hub)
    {
        _connection = new HubConnectionBuilder().WithUrl(new Uri(hub, "/live"), options =>
        {
            options.SkipNegotiation = true;
            options.Transports = Microsoft.AspNetCore.Http.Connections.HttpTransportType.WebSockets;
        }).AddMessagePackProtocol().Build();
    }

    /// <summary>Done when the first frame is here.</summary>
    public Task FirstFrame => _first.Task;

    public async Task StartAsync(WatchRequest request)
    {
        await _connection.StartAsync();
        _reading = ReadAsync(request);
    }

    /// <summary>What was seen since the last call.</summary>
    public ViewerCount Take()
    {
        lock (_lock)
        {
            var count = _count;
            // The gap that is open counts, too: a viewer that hears nothing any more must not look well.
            count.LongestGap = Max(count.LongestGap, Stopwatch.GetElapsedTime(_at));
            _count = default;
            _at = Stopwatch.GetTimestamp();
            return count;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _connection.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ReadAsync(WatchRequest request)
    {
        try
        {
            await foreach (var frame in _connection.StreamAsync<byte[]>("Watch", request, _stop.Token))
            {
                Count(frame);
            }
        }
        finally
        {
            lock (_lock)
            {
                _count.Ended = true;
            }
        }
    }

    private void Count(byte[] frame)
    {
        lock (_lock)
        {
            if (frame.Length == 1)
            {
                _count.Skips += frame[0] == NothingNew ? 0 : 1;
                return;
            }
            var sequence = SequenceOf(frame);
            _count.Frames++;
            _count.Bytes += frame.Length;
            if (_sequence != 0)
            {
                _count.Missed += sequence - _sequence - 1;
                _count.LongestGap = Max(_count.LongestGap, Stopwatch.GetElapsedTime(_at));
            }
            _sequence = sequence;
            _at = Stopwatch.GetTimestamp();
        }
        _first.TrySetResult();
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    // docs/formats.md "Frame": version, kind, sequence as a varint.
    private static long SequenceOf(ReadOnlySpan<byte> frame)
    {
        var value = 0L;
        for (int at = 2, shift = 0; ; at++, shift += 7)
        {
            value |= (long)(frame[at] & 0x7F) << shift;
            if (frame[at] < 0x80)
            {
                return value;
            }
        }
    }
}
