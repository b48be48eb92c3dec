using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace WebVmMap.Symbols.DotNet;

/// <summary>
/// The named pipe at which a .NET runtime on Windows takes questions. What waits in it ends in time and when this is disposed of, which the system's pipe alone does not see to.
/// For one reader and one writer at a time.
/// </summary>
internal sealed partial class DiagnosticPipe : Stream
{
    private const string Folder = @"\\.\pipe\";
    private const int ErrorFileNotFound = 2;

    private readonly NamedPipeClientStream _pipe;
    private readonly CancellationTokenSource _disposing = new();

    /// <summary>Connects.</summary>
    /// <param name="path">Its full name.</param>
    /// <param name="patience">How long that may take, and later a write or a read, unless <see cref="ReadTimeout"/> says otherwise.</param>
    /// <exception cref="IOException">It takes no connection, or not in time.</exception>
    public DiagnosticPipe(string path, TimeSpan patience)
    {
        ReadTimeout = WriteTimeout = (int)patience.TotalMilliseconds;
        _pipe = new NamedPipeClientStream(".", path[Folder.Length..], PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            _pipe.Connect(ReadTimeout);
        }
        catch (Exception refused) when (refused is TimeoutException or UnauthorizedAccessException)
        {
            Dispose();
            throw new IOException(refused is TimeoutException ? "it takes no connection" : "it is another user's", refused);
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanTimeout => true;

    /// <inheritdoc/>
    public override int ReadTimeout { get; set; }

    /// <inheritdoc/>
    public override int WriteTimeout { get; set; }

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The pipe of a process.</summary>
    public static string Of(int pid) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Folder}dotnet-diagnostic-{pid}");

    /// <summary>Whether there is one, which asking does not connect to.</summary>
    public static bool Exists(string path) => WaitNamedPipeW(path, 1) || Marshal.GetLastPInvokeError() != ErrorFileNotFound;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => InTime(limit => _pipe.ReadAsync(buffer.AsMemory(offset, count), limit).AsTask(), ReadTimeout);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => InTime(
        async limit =>
        {
            await _pipe.WriteAsync(buffer.AsMemory(offset, count), limit).ConfigureAwait(false);
            return 0;
        },
        WriteTimeout);

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disposing.Cancel();
            _pipe.Dispose();
        }
        base.Dispose(disposing);
    }

    private T InTime<T>(Func<CancellationToken, Task<T>> wait, int milliseconds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_disposing.Token);
        limit.CancelAfter(milliseconds);
        try
        {
            return wait(limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException ended)
        {
            throw new IOException(_disposing.IsCancellationRequested ? "it was closed" : $"it did not answer within {milliseconds / 1000} seconds", ended);
        }
    }

    [LibraryImport("kernel32", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool WaitNamedPipeW(string name, uint milliseconds);
}
