namespace WebVmMap.Symbols.Names;

/// <summary>What a part of a C++ name is.</summary>
internal enum NameKind
{
    /// <summary>Text as it is.</summary>
    Name,

    /// <summary>First::Second.</summary>
    Qualified,

    /// <summary>First&lt;List&gt;.</summary>
    Template,

    /// <summary>First[abi:Text].</summary>
    Tagged,

    /// <summary>~First.</summary>
    Destructor,

    /// <summary>operator First.</summary>
    Conversion,

    /// <summary>{lambda(List)#Text}.</summary>
    Lambda,

    /// <summary>A function or variable: Second is what it returns, List what it takes, Qualifiers what stands behind.</summary>
    Encoding,

    /// <summary>Text before First.</summary>
    Special,

    /// <summary>Text, First, "-in-", Second.</summary>
    SpecialIn,

    /// <summary>First with * or &amp; or &amp;&amp;, which is the text.</summary>
    Pointer,

    /// <summary>First with const and the like, which is the text.</summary>
    Type,

    /// <summary>A type of functions: as Encoding, without a name.</summary>
    Function,

    /// <summary>First [Second].</summary>
    Array,

    /// <summary>Second First::*.</summary>
    MemberPointer,

    /// <summary>First for each element of the packs in it.</summary>
    Expansion,

    /// <summary>Arguments of a parameter that takes any number.</summary>
    ArgumentPack,

    /// <summary>The element that is under expansion.</summary>
    ParameterPack,

    /// <summary>A template parameter named before its arguments.</summary>
    Forward,

    /// <summary>
    /// A parameter "auto" of a lambda, of the number that the text says. gcc refers back to it where it means the template parameter of the
    /// function around with the same number, which is its first part.
    /// </summary>
    LambdaParameter,

    /// <summary>(First)Text.</summary>
    Literal,

    /// <summary>Text before First, in an expression.</summary>
    Prefix,

    /// <summary>First, Text, Second, in an expression.</summary>
    Infix,

    /// <summary>First(List).</summary>
    Call,

    /// <summary>Parts of List one after the other.</summary>
    Sequence,

    /// <summary>Text, then List with commas, then Qualifiers.</summary>
    Bracketed,
}
