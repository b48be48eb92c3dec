using CsCheck;
using WebVmMap.Probes.Windows;

namespace WebVmMap.Probes.Tests.Windows;

public sealed class ClaimListTests
{
    [Fact]
    public void Add_AnyClaims_EveryPageBelongsToTheFirstThatClaimedIt() =>
        Gen.Select(Gen.ULong[0, 40], Gen.ULong[0, 12], (start, length) => (Start: start, End: start + length)).Array[0, 30].Sample(ranges =>
        {
            var claims = new ClaimList();
            for (var i = 0; i < ranges.Length; i++)
            {
                claims.Add(ranges[i].Start, ranges[i].End, null, $"{i}");
            }
            for (var page = 0ul; page < 60; page++)
            {
                var expected = Array.FindIndex(ranges, r => r.Start <= page && page < r.End);
                var at = claims.FirstEndingAfter(page);
                var found = at < claims.Count && claims[at].Start <= page ? claims[at].Detail : "-1";
                Assert.Equal($"{expected}", found);
                Assert.Equal(expected >= 0, claims.Holds(page));
            }
            for (var i = 1; i < claims.Count; i++)
            {
                Assert.True(claims[i - 1].End <= claims[i].Start);
            }
        });
}
