namespace WebVmMap.Agent.Commands;

/// <summary>A file that is being written: it gets its name, in place of one that had it, only when it is complete. Otherwise nothing is left of it.</summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string _path;
    private readonly string _partial;
    private FileStream? _stream;
    private bool _complete;

    /// <summary>Prepares to write a file of this name.</summary>
    public PartialFile(string path)
    {
        _path = path;
        // Unlike a fixed name in a folder that others may write to, this one cannot be prepared by them as a link.
        _partial = $"{path}.{Path.GetRandomFileName()}";
    }

    /// <summary>Writes, beginning the file at the first call.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public void Write(Action<Stream> write) => Guarded(() => write(_stream ??= new FileStream(_partial, FileMode.CreateNew, FileAccess.Write)));

    /// <summary>Gives the file its name.</summary>
    /// <exception cref="CommandException">It cannot be written to its end, or not be given its name.</exception>
    public void Complete() => Guarded(() =>
    {
        _stream?.Dispose();
        File.Move(_partial, _path, overwrite: true);
        _complete = true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_complete)
        {
            return;
        }
        try
        {
            _stream?.Dispose();
            File.Delete(_partial);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What kept it from being completed is what is told.
        }
    }

    private void Guarded(Action act)
    {
        try
        {
            act();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed($"'{_path}' cannot be written: {exception.Message}");
        }
    }
}
