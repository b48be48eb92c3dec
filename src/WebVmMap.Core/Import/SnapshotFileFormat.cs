namespace WebVmMap.Core.Import;

/// <summary>The formats that snapshots are read from. Told by what a file holds, never by its name.</summary>
public enum SnapshotFileFormat
{
    /// <summary>The hub's own, complete.</summary>
    Wvm,

    /// <summary>The JSON of the API's export.</summary>
    Json,

    /// <summary>The CSV of the API's export, in bytes.</summary>
    Csv,

    /// <summary>VMMap's CSV, in KB.</summary>
    VmMapCsv,

    /// <summary>VMMap's own, or ours in its shape.</summary>
    Mmp,
}
