namespace WebVmMap.Probes.Windows;

/// <summary>A thread of the process that is looked at.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Teb">Where its environment block (TEB) is; 0 when that is not told.</param>
/// <param name="Name">Its description (SetThreadDescription); empty for none.</param>
internal readonly record struct WindowsThread(uint Id, ulong Teb, string Name)
{
    /// <summary>How details name it.</summary>
    public string Label => Name.Length == 0 ? $"Thread ID: {Id}" : $"Thread ID: {Id} ({Name})";
}
