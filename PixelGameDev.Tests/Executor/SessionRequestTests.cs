using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Executor.Sessions;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests what the Executor refuses before it takes a sandbox.</summary>
public sealed class SessionRequestTests
{
    private static readonly (string What, int Status, string Code)[] BadProjects =
    [
        ("ten megabytes of source", 413, "code_too_large"),
        ("source a byte over the limit", 413, "code_too_large"),
        ("26 MB of pictures", 413, "project_too_large"),
        ("ten thousand files", 413, "too_many_files"),
        ("no files", 400, "no_files"),
        ("a path that climbs", 400, "bad_path"),
        ("a path that climbs in the middle", 400, "bad_path"),
        ("an absolute path", 400, "bad_path"),
        ("a backslash", 400, "bad_path"),
        ("a control character", 400, "bad_path"),
        ("an empty path", 400, "bad_path"),
        ("a path of 600 bytes", 400, "bad_path"),
        ("the same path twice", 400, "duplicate_path"),
        ("a file that is also a folder", 400, "bad_path"),
        ("a picture named main.py", 400, "not_text"),
        ("Latin-1 without saying so", 400, "not_text"),
        ("no entry", 400, "no_entry"),
        ("an empty id", 400, "bad_session_id"),
        ("no owner", 400, "bad_owner"),
    ];

    [Fact]
    public async Task Bad_projects_are_refused_in_words_and_touch_no_sandbox()
    {
        ScriptedSandboxFactory sandboxes = new();
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(sandboxes, new() { ["SANDBOX_WARM"] = "0" });
        foreach ((string what, int status, string code) in BadProjects)
        {
            using HttpResponseMessage answer = await host.PostAsync(Project(what));
            string body = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode == status, $"{what}: {(int)answer.StatusCode} {body}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            JsonElement problem = JsonDocument.Parse(body).RootElement;
            Assert.True(problem.GetProperty("code").GetString() == code, $"{what}: {body}");
            Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("title").GetString()));
            Assert.Equal(status, problem.GetProperty("status").GetInt32());
        }

        Assert.Empty(sandboxes.All);
        Assert.Equal("[]", await (await host.SendAsync(HttpMethod.Get, "/sessions")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_beyond_every_limit_is_refused_unread_and_with_a_code()
    {
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(new ScriptedSandboxFactory());
        using HttpRequestMessage message = new(HttpMethod.Post, "/sessions") { Content = new ByteArrayContent(new byte[40 << 20]) };
        message.Content.Headers.ContentType = new("application/json");
        message.Headers.Authorization = new("Bearer", ExecutorHost.Token());
        message.Headers.ExpectContinue = true;
        using HttpResponseMessage answer = await host.Client.SendAsync(message);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("project_too_large", problem.GetProperty("code").GetString());
        Assert.Equal("The project is too large.", problem.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Code_that_is_too_long_is_refused_with_the_figures_and_the_setting()
    {
        await using ExecutorHost host =
            await ExecutorHost.StartScriptedAsync(new ScriptedSandboxFactory(), new() { ["MAX_CODE_SIZE"] = "1000" });
        using HttpResponseMessage answer = await host.PostAsync(ExecutorHost.Request(new string('#', 1001)));
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((413, "code_too_large"), ((int)answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal("The code is too long: 1001 bytes, and 1000 are allowed.", problem.GetProperty("title").GetString());
        Assert.Contains("MAX_CODE_SIZE", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_here_keeps_keys_of_its_own()
    {
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(new ScriptedSandboxFactory());
        Assert.Null(host.App.Services.GetService(typeof(Microsoft.AspNetCore.DataProtection.IDataProtectionProvider)));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"sessionId\":\"not a guid\"}")]
    [InlineData(
        "{\"sessionId\":\"6a1f0a40-7d5c-4f0d-9c70-3a7f4a4d7b11\",\"owner\":\"x\",\"entry\":\"main.py\"," +
        "\"files\":[{\"path\":\"main.py\",\"content\":\"not base64!\"}]}")]
    [InlineData("{\"sessionId\":\"6a1f0a40-7d5c-4f0d-9c70-3a7f4a4d7b11\",\"owner\":\"x\",\"entry\":\"main.py\",\"files\":[null]}")]
    [InlineData("{\"sessionId\":\"6a1f0a40-7d5c-4f0d-9c70-3a7f4a4d7b11\",\"owner\":\"x\",\"entry\":\"main.py\",\"files\":null}")]
    public async Task A_body_that_is_no_request_is_a_problem_of_the_caller(string body)
    {
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(new ScriptedSandboxFactory());
        using HttpResponseMessage answer =
            await host.SendAsync(HttpMethod.Post, "/sessions", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task An_old_source_that_declares_its_encoding_may_run()
    {
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(new ScriptedSandboxFactory());
        byte[] source = [.. "# -*- coding: latin-1 -*-\nname = '"u8, 0xE4, .. "'\n"u8];
        await host.RunAsync(ExecutorHost.Request("ada", null, ("main.py", source)));
    }

    private static string[] BadTokens() =>
    [
        "", "nonsense",
        ExecutorHost.Token(secret: new string('x', 20) + new string('y', 20)),
        ExecutorHost.Token(issuer: "somebody-else"),
        ExecutorHost.Token(audience: "pixelgamedev-api"),
        ExecutorHost.Token(from: DateTime.UtcNow.AddMinutes(-10)),
        ExecutorHost.Token(from: DateTime.UtcNow.AddMinutes(10)),
        // alg "none"
        "eyJhbGciOiJub25lIn0." + ExecutorHost.Token().Split('.')[1] + ".",
    ];

    [Fact]
    public async Task Nobody_without_a_good_service_token_gets_past_health()
    {
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(new ScriptedSandboxFactory());
        Guid id = Guid.NewGuid();
        (HttpMethod Method, string Path)[] endpoints =
        [
            (HttpMethod.Post, "/sessions"), (HttpMethod.Get, "/sessions"), (HttpMethod.Get, $"/sessions/{id}"),
            (HttpMethod.Post, $"/sessions/{id}/stop"), (HttpMethod.Get, $"/sessions/{id}/stream"),
        ];
        foreach (string token in BadTokens())
        {
            foreach ((HttpMethod method, string path) in endpoints)
            {
                using HttpResponseMessage answer = await host.SendAsync(method, path, token: token);
                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} with '{token}': {answer.StatusCode}");
            }
        }

        host.Client.DefaultRequestHeaders.Authorization = null;
        foreach (string open in (string[])["/api/health", "/health", "/alive"])
        {
            Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync(open)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Get, $"/sessions/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Get, $"/sessions/{id}/stream")).StatusCode);
    }

    private static StartSessionRequest Project(string what)
    {
        byte[] source = "print(1)"u8.ToArray();
        return what switch
        {
            "ten megabytes of source" => One("main.py", new byte[10_000_000]),
            "source a byte over the limit" => ExecutorHost.Request("ada", null, ("main.py", Text(999_000)), ("a/b.py", Text(1001))),
            "26 MB of pictures" =>
                ExecutorHost.Request("ada", null, ("main.py", source), ("a.png", new byte[13_000_000]), ("b.png", new byte[13_000_000])),
            "ten thousand files" => ExecutorHost.Request("ada", null,
                [("main.py", source), .. Enumerable.Range(0, 10_000).Select(number => ($"f{number}.txt", Array.Empty<byte>()))]),
            "no files" => ExecutorHost.Request("ada", null, []),
            "a path that climbs" => One("../main.py", source),
            "a path that climbs in the middle" => One("a/../../main.py", source),
            "an absolute path" => One("/etc/passwd", source),
            "a backslash" => One("a\\..\\b", source),
            "a control character" => One("a\nb.txt", source),
            "an empty path" => One("", source),
            "a path of 600 bytes" => One(string.Join('/', Enumerable.Repeat("abcdefghi", 60)), source),
            "the same path twice" => ExecutorHost.Request("ada", null, ("main.py", source), ("main.py", source)),
            "a file that is also a folder" => ExecutorHost.Request("ada", null, ("main.py", source), ("a", source), ("a/b", source)),
            "a picture named main.py" => One("main.py", [0x89, 0x50, 0x4E, 0x47, 0, 1, 2]),
            "Latin-1 without saying so" => One("main.py", [.. "x = '"u8, 0xE4, .. "'"u8]),
            "no entry" => One("other.py", source),
            "an empty id" => ExecutorHost.Request("ada", Guid.Empty, ("main.py", source)),
            "no owner" => ExecutorHost.Request(" ", null, ("main.py", source)),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        static StartSessionRequest One(string path, byte[] content) => ExecutorHost.Request("ada", null, (path, content));
        static byte[] Text(int length) => [.. Enumerable.Repeat((byte)'#', length)];
    }
}
