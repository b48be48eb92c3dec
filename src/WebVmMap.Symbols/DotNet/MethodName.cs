using System.Text;

namespace WebVmMap.Symbols.DotNet;

/// <summary>
/// What a method is called by people, of what the runtime calls it: as .NET writes its own stack traces, with the method that a person
/// wrote in place of what the compiler made of an async method or an iterator. Of parameters the types, without their names.
/// </summary>
internal static class MethodName
{
    private const int MaxParameters = 64;

    /// <summary>Makes it.</summary>
    /// <param name="type">The type with its namespace, as <c>Shop.Orders+&lt;TakeAsync&gt;d__3</c>.</param>
    /// <param name="method">The method, as <c>MoveNext</c>.</param>
    /// <param name="signature">As <c>instance void  (int32,class System.String)</c>.</param>
    public static string Readable(string type, string method, string signature)
    {
        var name = new StringBuilder(type.Length + method.Length + 16);
        var owner = WithoutArguments(type);
        if (method == "MoveNext" && Written(ref owner) is { } written)
        {
            // Its parameters are fields of what the compiler made, and not known.
            return name.Append(owner).Append('.').Append(written).Append("()").ToString();
        }
        name.Append(owner.Replace('+', '.'));
        if (name.Length > 0)
        {
            name.Append('.');
        }
        name.Append(method).Append('(');
        Parameters(signature, name);
        return name.Append(')').ToString();
    }

    /// <summary>List`1[System.Int32] and List`1[System.__Canon] are written as one type: List`1.</summary>
    private static string WithoutArguments(string type) => type.IndexOf('[', StringComparison.Ordinal) is > 0 and var at && type.EndsWith(']') ? type[..at] : type;

    /// <summary>Of the type <c>Orders+&lt;TakeAsync&gt;d__3</c> the method TakeAsync, and its type in place of that.</summary>
    private static string? Written(ref string type)
    {
        var nested = type.LastIndexOf("+<", StringComparison.Ordinal);
        var end = nested < 0 ? -1 : type.LastIndexOf(">d", StringComparison.Ordinal);
        if (end <= nested + 2)
        {
            return null;
        }
        var written = type[(nested + 2)..end];
        type = type[..nested].Replace('+', '.');
        // A local function's or a lambda's name is in such brackets itself.
        return written;
    }

    private static void Parameters(string signature, StringBuilder name)
    {
        // The return type comes before, and may be a pointer to a function with brackets of its own.
        var open = signature.IndexOf("  (", StringComparison.Ordinal);
        var close = signature.LastIndexOf(')');
        if (open < 0 || close < open + 3)
        {
            return;
        }
        var (depth, from, count) = (0, open + 3, 0);
        for (var i = from; i <= close; i++)
        {
            var c = signature[i];
            if (c is '<' or '(' or '[')
            {
                depth++;
            }
            else if (depth > 0 && c is '>' or ']' || (c == ')' && i < close))
            {
                depth--;
            }
            else if ((c == ',' && depth == 0) || i == close)
            {
                if (i > from)
                {
                    if (count == MaxParameters)
                    {
                        name.Append(", ...");
                        return;
                    }
                    name.Append(count++ == 0 ? "" : ", ");
                    Type(signature.AsSpan(from, i - from).Trim(), name);
                }
                from = i + 1;
            }
        }
    }

    private static void Type(ReadOnlySpan<char> type, StringBuilder name)
    {
        foreach (var kind in (ReadOnlySpan<string>)["class ", "value class ", "valuetype "])
        {
            if (type.StartsWith(kind, StringComparison.Ordinal))
            {
                type = type[kind.Length..];
            }
        }
        // int32[], System.Span`1<int32>&, !!0*
        var suffix = type.Length;
        while (suffix > 0 && type[suffix - 1] is '[' or ']' or '&' or '*' or ',')
        {
            suffix--;
        }
        var core = type[..suffix];
        var arguments = core.IndexOf('<');
        if (arguments > 0)
        {
            core = core[..arguments];
        }
        name.Append(core switch
        {
            "int8" => "SByte",
            "unsigned int8" => "Byte",
            "int16" => "Int16",
            "unsigned int16" => "UInt16",
            "int32" => "Int32",
            "unsigned int32" => "UInt32",
            "int64" => "Int64",
            "unsigned int64" => "UInt64",
            "float32" => "Single",
            "float64" => "Double",
            "bool" => "Boolean",
            "char" or "wchar" => "Char",
            "void" => "Void",
            "string" => "String",
            "object" => "Object",
            "int" or "native int" => "IntPtr",
            "unsigned int" or "native unsigned int" => "UIntPtr",
            _ when core.StartsWith("!", StringComparison.Ordinal) => "T",
            _ => core[(core.LastIndexOfAny('.', '+', '/') + 1)..],
        });
        name.Append(type[suffix..]);
    }
}
