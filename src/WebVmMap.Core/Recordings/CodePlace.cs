namespace WebVmMap.Core.Recordings;

/// <summary>What a node of a call tree is called.</summary>
/// <param name="Function">The function; where none is known, its module's file name and offset; for what is no function, words in brackets.</param>
/// <param name="Module">Path of its module; empty for none.</param>
/// <param name="File">Source file; empty when unknown.</param>
/// <param name="Line">The line in it, from 1; 0 when unknown or when several are together.</param>
public readonly record struct CodePlace(string Function, string Module, string File, int Line)
{
    /// <summary>Blocks that nobody saw being made.</summary>
    public static CodePlace BeforeRecording => new("[before the recording]", "", "", 0);

    /// <summary>Blocks whose stack nobody could read.</summary>
    public static CodePlace NoStack => new("[no stack]", "", "", 0);

    /// <summary>The root of a tree.</summary>
    public static CodePlace Everything => new("[all]", "", "", 0);

    /// <summary>Siblings that are too small to be told one by one.</summary>
    public static CodePlace Smaller => new("[smaller]", "", "", 0);
}
