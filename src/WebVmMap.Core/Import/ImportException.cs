namespace WebVmMap.Core.Import;

/// <summary>A file cannot be read as a snapshot. The message is one sentence for the user: which file, what is wrong, and what to do.</summary>
public sealed class ImportException : Exception
{
    /// <summary>Makes one of a whole sentence.</summary>
    public ImportException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one of a whole sentence and what led to it.</summary>
    public ImportException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>True when the file has more bytes than are read.</summary>
    public bool IsTooLarge { get; init; }
}
