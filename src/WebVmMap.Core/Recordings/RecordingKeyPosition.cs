namespace WebVmMap.Core.Recordings;

/// <summary>How far a recording had come at a key frame.</summary>
internal readonly record struct RecordingKeyPosition(int Intervals, int Modules, int Frames, int Nodes, int Sites);
