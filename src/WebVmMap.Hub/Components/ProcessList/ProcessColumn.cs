namespace WebVmMap.Hub.Components.ProcessList;

/// <summary>The columns of a process list.</summary>
public enum ProcessColumn
{
    /// <summary>Name of the executable.</summary>
    Name,

    /// <summary>Process id.</summary>
    Pid,

    /// <summary>The host, where several are listed.</summary>
    Host,

    /// <summary>Account.</summary>
    User,

    /// <summary>Architecture.</summary>
    Architecture,

    /// <summary>Whether a .NET runtime is loaded.</summary>
    Managed,

    /// <summary>Private bytes; in the tree, of the process and all below it.</summary>
    PrivateBytes,

    /// <summary>Working set; in the tree, of the process and all below it.</summary>
    WorkingSet,

    /// <summary>When it started.</summary>
    Started,

    /// <summary>Its arguments.</summary>
    CommandLine,
}
