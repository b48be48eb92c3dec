namespace WebVmMap.Agent.Commands;

/// <summary>
/// A file that is being written: it gets its name, in place of one that had it, only when it is complete, or when it is said to be worth keeping as far as it is.
/// Otherwise nothing is left of it.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string _path;
    private readonly string _partial;
    private FileStream? _stream;

    /// <summary>Prepares to write a file of this name.</summary>
    public PartialFile(string path)
    {
        _path = path;
        // Unlike a fixed name in a folder that others may write to, this one cannot be prepared by them as a link.
        _partial = $"{path}.{Path.GetRandomFileName()}";
    }

    /// <summary>Whether it has its name, which it keeps.</summary>
    public bool IsNamed { get; private set; }

    /// <summary>Writes, beginning the file at the first call.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    // Windows lets a file have another name while it is open only when whoever opened it allows it to be deleted.
    public void Write(Action<Stream> write) => Guarded(() => write(_stream ??= new FileStream(_partial, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete)));

    /// <summary>Gives the file its name, with what was written by now and all that is written from now on.</summary>
    /// <exception cref="CommandException">It cannot be written so far, or not be given its name.</exception>
    public void Name() => Guarded(() =>
    {
        _stream?.Flush();
        Move();
    });

    /// <summary>Ends the file, and gives it its name.</summary>
    /// <exception cref="CommandException">It cannot be written to its end, or not be given its name.</exception>
    public void Complete() => Guarded(() =>
    {
        _stream?.Dispose();
        Move();
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _stream?.Dispose();
            if (!IsNamed)
            {
                File.Delete(_partial);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What kept it from being completed is what is told.
        }
    }

    private void Move()
    {
        if (!IsNamed)
        {
            File.Move(_partial, _path, overwrite: true);
            IsNamed = true;
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
            throw CommandException.Failed($"'{_path}' cannot be written: {exception.Message.TrimEnd('.')}.");
        }
    }
}
