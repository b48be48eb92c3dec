namespace WebVmMap.Core.Recordings;

/// <summary>From where a call tree looks.</summary>
public enum CallTreeView
{
    /// <summary>From the outermost function to what allocated.</summary>
    TopDown,

    /// <summary>From what allocated to the outermost function.</summary>
    BottomUp,

    /// <summary>From the outermost function to what allocated, with neighbouring functions of one module as one.</summary>
    ByModule,
}
