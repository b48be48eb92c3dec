using CsCheck;
using WebVmMap.Hub.Components.Text;

namespace WebVmMap.Components.Tests.Text;

public sealed class ByteTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(512, "512 B")]
    [InlineData(4096, "4 KiB")]
    [InlineData(1_048_575, "1.0 MiB")]
    [InlineData(39_426_458, "37.6 MiB")]
    [InlineData(1_073_741_823, "1.00 GiB")]
    [InlineData(1_138_166_333, "1.06 GiB")]
    [InlineData(140_737_488_355_328, "128.0 TiB")]
    [InlineData(-4096, "-4 KiB")]
    public void Rounded_Bytes_HasABinaryUnitAndFewDigits(long bytes, string expected) => Assert.Equal(expected, ByteText.Rounded(bytes));

    [Fact]
    public void Rounded_AnySize_NeverWritesATenTwentyFourth() =>
        Gen.Long[0, 1L << 50].Sample(bytes => Assert.DoesNotContain("1024", ByteText.Rounded(bytes).Split(' ')[0].Split('.')[0] + "|", StringComparison.Ordinal));

    [Fact]
    public void Cell_Zero_IsBlank() => Assert.Equal(("", "4 KiB"), (ByteText.Cell(0), ByteText.Cell(4096)));

    [Fact]
    public void Exact_Bytes_AreGrouped() => Assert.Equal("201,437,184 bytes", ByteText.Exact(201_437_184));
}
