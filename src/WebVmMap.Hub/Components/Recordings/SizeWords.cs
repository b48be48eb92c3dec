using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Components.Text;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>What classes of block sizes are called on pages.</summary>
internal static class SizeWords
{
    /// <summary><c>up to 16 B</c>, <c>over 32 B to 64 B</c>, <c>unknown</c>.</summary>
    public static string Of(byte sizeClass) => sizeClass switch
    {
        0 => "unknown",
        SizeClass.Smallest => $"up to {ByteText.Rounded(SizeClass.UpTo(sizeClass))}",
        _ => $"over {ByteText.Rounded(SizeClass.From(sizeClass) - 1)} to {ByteText.Rounded(SizeClass.UpTo(sizeClass))}",
    };
}
