namespace WebVmMap.Probes.Windows;

/// <summary>RegionType bits of MEMORY_REGION_INFORMATION. The first six are documented with WIN32_MEMORY_REGION_INFORMATION
/// (https://learn.microsoft.com/windows/win32/api/memoryapi/ns-memoryapi-win32_memory_region_information), the others are
/// in the headers of System Informer (phnt, ntmmapi.h).</summary>
[Flags]
internal enum AllocationTraits : uint
{
    None = 0,
    Private = 1 << 0,
    MappedDataFile = 1 << 1,
    MappedImage = 1 << 2,
    MappedPageFile = 1 << 3,
    MappedPhysical = 1 << 4,
    DirectMapped = 1 << 5,
    SoftwareEnclave = 1 << 6,
    PageSize64K = 1 << 7,
    PlaceholderReservation = 1 << 8,
    MappedAwe = 1 << 9,
    MappedWriteWatch = 1 << 10,
    PageSizeLarge = 1 << 11,
    PageSizeHuge = 1 << 12,
}
