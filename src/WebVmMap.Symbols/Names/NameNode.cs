namespace WebVmMap.Symbols.Names;

/// <summary>A part of a C++ name, as its mangled form says it.</summary>
/// <param name="kind">What it is.</param>
/// <param name="text">A name, an operator, a literal's digits, qualifiers: as the kind needs it.</param>
/// <param name="first">Its first part.</param>
/// <param name="second">Its second part.</param>
/// <param name="list">Its parts, where it may have any number of them.</param>
internal sealed class NameNode(NameKind kind, string text = "", NameNode? first = null, NameNode? second = null, IReadOnlyList<NameNode>? list = null)
{
    public NameKind Kind { get; } = kind;

    public string Text { get; } = text;

    /// <summary>Set later only for a template parameter that is named before its arguments are.</summary>
    public NameNode? First { get; set; } = first;

    public NameNode? Second { get; } = second;

    public IReadOnlyList<NameNode> List { get; } = list ?? [];

    /// <summary>Of functions: what stands behind the parameters, as " const" and " &amp;".</summary>
    public string Qualifiers { get; init; } = "";
}
