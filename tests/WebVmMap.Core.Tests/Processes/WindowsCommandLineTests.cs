using WebVmMap.Core.Processes;

namespace WebVmMap.Core.Tests.Processes;

public sealed class WindowsCommandLineTests
{
    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("C:\\Program Files\\a.exe", "\"C:\\Program Files\\a.exe\"")]
    [InlineData("ends\\", "\"ends\\\\\"")]
    [InlineData("say \"hi\"", "\"say \\\"hi\\\"\"")]
    [InlineData("a\\\"b", "\"a\\\\\\\"b\"")]
    [InlineData("", "\"\"")]
    public void Join_AnyArgument_IsQuotedByTheRulesOfTheCRuntime(string argument, string expected) =>
        Assert.Equal(expected, WindowsCommandLine.Join([argument]));
}
