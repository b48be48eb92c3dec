using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Formats;

/// <summary>Platform and bounds of an address space.</summary>
internal static class BoundsFields
{
    /// <exception cref="ArgumentException">The platform is not told.</exception>
    public static void WritePlatform(FormatWriter writer, HostPlatform platform)
    {
        if (platform is not (HostPlatform.Linux or HostPlatform.Windows))
        {
            throw new ArgumentException($"A snapshot of the platform {platform} cannot be written.");
        }
        writer.Byte((byte)platform);
    }

    /// <exception cref="InvalidDataException">There is no such platform.</exception>
    public static HostPlatform ReadPlatform(ref FormatReader reader)
    {
        var platform = (HostPlatform)reader.Byte("platform");
        return platform is HostPlatform.Linux or HostPlatform.Windows
            ? platform
            : throw new InvalidDataException($"The platform {(byte)platform} does not exist.");
    }

    public static void Write(FormatWriter writer, AddressSpaceBounds bounds)
    {
        writer.Varint(bounds.Lowest / RegionTableBuilder.PageSize);
        writer.Varint(bounds.End / RegionTableBuilder.PageSize);
        writer.Varint((ulong)bounds.Granularity);
    }

    /// <exception cref="InvalidDataException">They are no bounds.</exception>
    public static AddressSpaceBounds Read(ref FormatReader reader)
    {
        var lowest = reader.Pages("lowest address");
        var end = reader.Pages("end of the address space");
        var bounds = new AddressSpaceBounds(lowest, end, (int)reader.Varint("granularity", int.MaxValue));
        return bounds.Broken() is { } broken ? throw new InvalidDataException(broken) : bounds;
    }
}
