using CsCheck;
using WebVmMap.Hub.Components.Text;

namespace WebVmMap.Components.Tests.Text;

public sealed class PathPartsTests
{
    [Theory]
    [InlineData("/usr/lib/libc.so.6", "/usr/lib/", "libc.so.6")]
    [InlineData("/tmp/a b/old.so (deleted)", "/tmp/a b/", "old.so (deleted)")]
    [InlineData(@"C:\Windows\System32\ntdll.dll", @"C:\Windows\System32\", "ntdll.dll")]
    [InlineData(@"C:\a\b.dll [Thread ID: 1 (x/y)]", @"C:\a\", "b.dll [Thread ID: 1 (x/y)]")]
    [InlineData(@"\\server\share\b.dll", @"\\server\share\", "b.dll")]
    [InlineData("/memfd:pool", "", "/memfd:pool")]
    [InlineData("/init", "", "/init")]
    [InlineData("/a/", "", "/a/")]
    [InlineData("/", "", "/")]
    [InlineData("[heap]", "", "[heap]")]
    [InlineData("Thread ID: 7 (a/b)", "", "Thread ID: 7 (a/b)")]
    [InlineData("", "", "")]
    public void Split_Text_IsFolderAndFile(string text, string folder, string file) => Assert.Equal((folder, file), PathParts.Split(text));

    [Fact]
    public void Split_AnyText_TogetherIsTheText() =>
        Gen.OneOf(Gen.String, Gen.String.Select(s => "/" + s), Gen.String.Select(s => @"C:\" + s), Gen.String[Gen.Char["/ab "]].Select(s => s + " (deleted)")).Sample(text =>
        {
            var (folder, file) = PathParts.Split(text);
            return folder + file == text;
        });
}
