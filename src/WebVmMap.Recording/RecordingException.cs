namespace WebVmMap.Recording;

/// <summary>A recording that could not begin or go on. The message is for people: what, why and what to do.</summary>
public sealed class RecordingException : Exception
{
    /// <summary>Makes one.</summary>
    public RecordingException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one of what is behind it.</summary>
    public RecordingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
