namespace WebVmMap.Agent.Commands;

/// <summary>How a snapshot is written to a file.</summary>
internal enum SnapshotFormat
{
    /// <summary>The hub's own format, complete (docs/formats.md).</summary>
    Wvm,

    /// <summary>A table for spreadsheets.</summary>
    Csv,

    /// <summary>The fields of the HTTP API.</summary>
    Json,

    /// <summary>VMMap's own shape.</summary>
    Mmp,
}
