using WebVmMap.Agent.Policy;
using WebVmMap.Agent.Sampling;

namespace WebVmMap.Agent.Tests.Sampling;

public sealed class SamplingBudgetTests
{
    [Theory]
    [InlineData(1000, 20, 20, 1000)]
    [InlineData(1000, 21, 21, 1050)]
    [InlineData(1000, 500, 600, 25_000)]
    [InlineData(1000, 1, 500, 5000)]
    [InlineData(60_000, 500, 600, 60_000)]
    public void EffectiveInterval_AfterAPass_IsTheLongestOfWishCpuAndWall(int wantedMs, int cpuMs, int wallMs, int expectedMs)
    {
        var budget = new SamplingBudget(new AgentLimits());

        budget.Spend(new PassCost(TimeSpan.FromMilliseconds(cpuMs), TimeSpan.FromMilliseconds(wallMs)));

        Assert.Equal(TimeSpan.FromMilliseconds(expectedMs), budget.EffectiveInterval(TimeSpan.FromMilliseconds(wantedMs)));
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(1u, 500)]
    [InlineData(1000u, 1000)]
    [InlineData(uint.MaxValue, 3_600_000)]
    public void Admit_AnyInterval_StaysInsideTheLimits(uint asked, int expectedMs) =>
        Assert.Equal(TimeSpan.FromMilliseconds(expectedMs), new SamplingBudget(new AgentLimits()).Admit(asked));
}
