namespace WebVmMap.Agent.Commands;

/// <summary>What a recording can be written as.</summary>
internal enum RecordingFormat
{
    /// <summary>Our own, complete, written as it runs.</summary>
    Wvmr,

    /// <summary>pprof's profile.proto, gzipped.</summary>
    Pprof,

    /// <summary>A line for each stack, for flame graphs.</summary>
    Folded,

    /// <summary>speedscope's JSON.</summary>
    Speedscope,
}
