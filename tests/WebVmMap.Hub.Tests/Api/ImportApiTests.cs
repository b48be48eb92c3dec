using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WebVmMap.Core.Import;
using WebVmMap.Hub.Configuration;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Api;

public sealed class ImportApiTests
{
    private const string Import = "/api/v1/snapshots/import";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("wvm", "wvm")]
    [InlineData("json", "json")]
    [InlineData("csv", "csv")]
    [InlineData("mmp", "mmp")]
    public async Task Post_FileOfAnExport_IsASnapshotWithTheSameFigures(string format, string found)
    {
        await using var hub = await TestHub.StartAsync();
        var exported = await AddAsync(hub);
        var file = await hub.Api.GetByteArrayAsync($"/api/v1/snapshots/{exported}/export?format={format}", Stop);

        using var answer = await PostAsync(hub, Form(("memory.bin", file)));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var created = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        var snapshot = Assert.Single(created.GetProperty("snapshots").EnumerateArray());
        Assert.Equal((created.GetProperty("id").GetString(), "memory.bin", found), (Text(snapshot, "id"), Text(snapshot, "file"), Text(snapshot, "format")));
        Assert.Empty(created.GetProperty("problems").EnumerateArray());
        var before = await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{exported}", Stop);
        var after = await hub.Api.GetFromJsonAsync<JsonElement>(answer.Headers.Location, Stop);
        Assert.Equal(Figures(before), Figures(after));
        Assert.Equal(Text(before, "takenAt"), Text(after, "takenAt"));
        Assert.Equal("imported", Text(after, "host"));
    }

    [Fact]
    public async Task Post_SeveralFilesOneBad_KeepsTheOthersAndTellsOfIt()
    {
        await using var hub = await TestHub.StartAsync();
        var file = await hub.Api.GetByteArrayAsync($"/api/v1/snapshots/{await AddAsync(hub)}/export?format=wvm", Stop);
        using var form = new MultipartFormDataContent { { new StringContent("after the release"), "label" } };
        Add(form, ("one.wvm", file));
        Add(form, ("notes.txt", Encoding.ASCII.GetBytes("not a snapshot")));
        Add(form, ("two.wvm", file));

        using var answer = await PostAsync(hub, form);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var created = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(["one.wvm", "two.wvm"], created.GetProperty("snapshots").EnumerateArray().Select(snapshot => Text(snapshot, "file")));
        var problem = Assert.Single(created.GetProperty("problems").EnumerateArray());
        Assert.Equal(("notes.txt", 422), (Text(problem, "file"), problem.GetProperty("status").GetInt32()));
        Assert.Contains("'notes.txt' cannot be read", Text(problem, "detail"), StringComparison.Ordinal);
        Assert.All(await hub.Get<ISnapshotStore>().ListAsync(new SnapshotQuery { HostId = "imported" }, Stop), stored => Assert.Equal("after the release", stored.Label));
        Assert.Empty(Directory.GetFiles(hub.Get<DataFolder>().FullPath, ".import-*"));
    }

    [Fact]
    public async Task Post_NoSnapshot_Is422WithTheReason()
    {
        await using var hub = await TestHub.StartAsync();
        using var answer = await PostAsync(hub, Form(("C:\\temp\\x.mmp", "<root/>"u8.ToArray())));
        var problem = await AssertProblemAsync(HttpStatusCode.UnprocessableEntity, answer);
        Assert.Contains("'x.mmp' cannot be read as a snapshot. It is XML, but not of VMMap", Text(problem, "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_FilesAllBad_TellsOfEach()
    {
        await using var hub = await TestHub.StartAsync();
        using var answer = await PostAsync(hub, Form(("a", "x"u8.ToArray()), ("b", "{}"u8.ToArray())));
        var problem = await AssertProblemAsync(HttpStatusCode.UnprocessableEntity, answer);
        Assert.Equal(["a", "b"], problem.GetProperty("problems").EnumerateArray().Select(file => Text(file, "file")));
    }

    /// <summary>Both halves of the limit: a file of that size is read, and one byte more is not, however much follows.</summary>
    [Fact]
    public async Task Post_FileBeyondTheLimit_Is413()
    {
        const int Limit = 3_000_000;
        await using var hub = await TestHub.StartAsync(configure: builder => builder.Services.AddSingleton(new ImportLimits { MaxBytes = Limit }));
        using var within = await PostAsync(hub, Form(("within", new byte[Limit])));
        await AssertProblemAsync(HttpStatusCode.UnprocessableEntity, within);
        using var beyond = await PostAsync(hub, Form(("beyond", new byte[Limit + 1])));
        var problem = await AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, beyond);
        Assert.Contains("'beyond' is larger than the 2 MiB that are read", Text(problem, "detail"), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(hub.Get<DataFolder>().FullPath, ".import-*"));
    }

    [Fact]
    public async Task Post_NoForm_Is415()
    {
        await using var hub = await TestHub.StartAsync();
        using var answer = await hub.Api.PostAsJsonAsync(Import, new { }, Stop);
        await AssertProblemAsync(HttpStatusCode.UnsupportedMediaType, answer);
    }

    [Fact]
    public async Task Post_FormWithoutFiles_Is400()
    {
        await using var hub = await TestHub.StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent("words"), "label" } };
        using var answer = await PostAsync(hub, form);
        await AssertProblemAsync(HttpStatusCode.BadRequest, answer);
    }

    [Fact]
    public async Task Post_FormThatIsCutOff_Is400()
    {
        await using var hub = await TestHub.StartAsync();
        using var content = new StringContent("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nhalf");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        using var answer = await hub.Api.PostAsync(Import, content, Stop);
        await AssertProblemAsync(HttpStatusCode.BadRequest, answer);
    }

    [Fact]
    public async Task Post_LabelTooLong_Is422()
    {
        await using var hub = await TestHub.StartAsync();
        using var form = Form(("x", "x"u8.ToArray()));
        using var answer = await hub.Api.PostAsync($"{Import}?label={new string('x', 201)}", form, Stop);
        await AssertProblemAsync(HttpStatusCode.UnprocessableEntity, answer);
    }

    [Fact]
    public async Task Post_WithoutKey_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        using var client = hub.Client();
        using var form = Form(("x", "x"u8.ToArray()));
        using var answer = await client.PostAsync(Import, form, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static async Task<string> AddAsync(TestHub hub) =>
        (await hub.Get<ISnapshotStore>().AddAsync(TestSnapshots.Of(allocations: 20, resident: 4096), "alpha", "Alpha", "before", Stop)).Id;

    private static Task<HttpResponseMessage> PostAsync(TestHub hub, MultipartFormDataContent form) => hub.Api.PostAsync(Import, form, Stop);

    private static MultipartFormDataContent Form(params (string Name, byte[] Data)[] files)
    {
        var form = new MultipartFormDataContent();
        Array.ForEach(files, file => Add(form, file));
        return form;
    }

    private static void Add(MultipartFormDataContent form, (string Name, byte[] Data) file) => form.Add(new ByteArrayContent(file.Data), "file", file.Name);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static string[] Figures(JsonElement snapshot) =>
    [
        .. snapshot.GetProperty("summary").EnumerateArray().Append(snapshot.GetProperty("total"))
            .Select(row => string.Join(' ', row.EnumerateObject().Select(field => $"{field.Name}={field.Value}"))),
    ];

    private static async Task<JsonElement> AssertProblemAsync(HttpStatusCode expected, HttpResponseMessage answer)
    {
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }
}
