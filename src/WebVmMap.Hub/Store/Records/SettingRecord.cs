namespace WebVmMap.Hub.Store.Records;

/// <summary>A setting that is changed while the hub runs.</summary>
internal sealed class SettingRecord
{
    public required string Name { get; init; }

    public required string Value { get; set; }
}
