using System.Text;
using System.Text.Unicode;

namespace WebVmMap.Core.Import;

/// <summary>The characters of a text file whose encoding nothing but its bytes tells.</summary>
internal static class FileText
{
    // On Windows, VMMap writes its CSV in the code page of the system, which the file does not name; this is the one of western Europe.
    private static readonly Encoding s_windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)
        ?? throw new InvalidOperationException("The runtime has no code page 1252.");

    /// <summary>Finds the encoding: by its byte order mark, else UTF-16 by its zeros, else UTF-8 where the bytes are that, else Windows-1252.</summary>
    public static Encoding Detect(ReadOnlySpan<byte> data) => data switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8,
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        [not 0, 0, not 0, 0, ..] => Encoding.Unicode,
        [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode,
        _ => Utf8.IsValid(data) ? Encoding.UTF8 : s_windows,
    };

    /// <summary>True for the encoding that is taken where nothing tells another.</summary>
    public static bool IsGuess(Encoding encoding) => ReferenceEquals(encoding, s_windows);

    /// <summary>Opens the text, without its byte order mark. What is no character in it becomes U+FFFD.</summary>
    public static StreamReader Open(ReadOnlyMemory<byte> data, Encoding encoding) =>
        new(new ReadOnlyMemoryStream(data), encoding, detectEncodingFromByteOrderMarks: true, 32 * 1024);
}
