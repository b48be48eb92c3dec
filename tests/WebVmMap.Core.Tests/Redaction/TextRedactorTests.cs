using WebVmMap.Core.Redaction;

namespace WebVmMap.Core.Tests.Redaction;

public sealed class TextRedactorTests
{
    [Theory]
    [InlineData("/usr/lib/libc.so.6", "libc.so.6")]
    [InlineData("/tmp/secret place/x (deleted)", "x (deleted)")]
    [InlineData(@"C:\Program Files\Secret Co\app.exe", "app.exe")]
    [InlineData(@"\\server\share\a.dll", "a.dll")]
    [InlineData("//server/share/a.dll", "a.dll")]
    [InlineData("/only/folders/", "…")]
    [InlineData("[heap]", "[heap]")]
    [InlineData("Thread ID: 12 (worker)", "Thread ID: 12 (worker)")]
    [InlineData("", "")]
    [InlineData("node /srv/secret/app.js --port 80", "node …app.js --port 80")]
    [InlineData("app --conf=/etc/secret dir/a.conf", "app --conf=…a.conf")]
    [InlineData("cp /secret/a /secret/b", "cp …b")]
    [InlineData("\"C:\\Secret Dir\\a.exe\" /v", "\"…v")]
    public void Apply_Paths_LeavesFileNamesOnly(string text, string expected) =>
        Assert.Equal(expected, new TextRedactor(new RedactionRules(false, false, true), "anna").Apply(text));

    [Theory]
    [InlineData("anna", "/home/anna/x", "/home/[user]/x")]
    [InlineData("anna", "run as Anna, please", "run as [user], please")]
    [InlineData("anna", "/opt/annabel/x", "/opt/annabel/x")]
    [InlineData("anna", "anna anna", "[user] [user]")]
    [InlineData(@"CORP\anna", @"C:\Users\anna\x of CORP\anna", @"C:\Users\[user]\x of [user]")]
    [InlineData("user", "/home/user/x", "/home/[user]/x")]
    [InlineData("", "/home/anna/x", "/home/anna/x")]
    public void Apply_User_IsTakenOutAsAWord(string user, string text, string expected) =>
        Assert.Equal(expected, new TextRedactor(new RedactionRules(false, true, false), user).Apply(text));

    [Fact]
    public void Apply_Nothing_ChangesNothing() => Assert.Equal("/home/anna/x", new TextRedactor(default, "anna").Apply("/home/anna/x"));
}
