using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests the table of environment variables.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Defaults_are_those_of_the_contract()
    {
        ExecutorOptions production = await ReadAsync(new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["MAX_CONCURRENT_SESSIONS"] = null,
            ["MAX_SESSIONS_PER_OWNER"] = null,
            ["SANDBOX_WARM"] = null,
            ["LOG_LEVEL"] = null,
        });
        Assert.True(production.ForceDocker);
        Assert.Equal(
            (5, TimeSpan.FromSeconds(300), 1_000_000), (production.MaxSessions, production.MaxSessionTime, production.MaxCodeBytes));
        Assert.Equal((256L << 20, 1.0, 64), (production.Policy.MemoryBytes, production.Policy.Cpus, production.Policy.Pids));
        Assert.Null(production.Policy.Runtime);
        Assert.Equal(2, production.Warm);
        Assert.Equal(LinkMode.Auto, production.Link);

        ExecutorOptions development = await ReadAsync([]);
        Assert.False(development.ForceDocker);
    }

    [Fact]
    public async Task What_is_set_is_what_is_read()
    {
        ExecutorOptions options = await ReadAsync(new()
        {
            ["FORCE_DOCKER_EXECUTION"] = "True",
            ["MAX_CONCURRENT_SESSIONS"] = "7",
            ["MAX_SESSION_TIME"] = "60",
            ["MAX_CODE_SIZE"] = "5000",
            ["SANDBOX_MEMORY"] = "1g",
            ["SANDBOX_CPUS"] = "0.5",
            ["SANDBOX_PIDS"] = "128",
            ["SANDBOX_RUNTIME"] = "runsc",
            ["SANDBOX_LINK"] = "stdio",
            ["EXECUTOR_SECRET_KEY"] = null,
            ["FLASK_SECRET_KEY"] = "the-old-name-of-it-0123456789-abcdef",
        });
        Assert.True(options.ForceDocker);
        Assert.Equal((7, TimeSpan.FromMinutes(1), 5000), (options.MaxSessions, options.MaxSessionTime, options.MaxCodeBytes));
        Assert.Equal((1L << 30, 0.5, 128, "runsc"),
            (options.Policy.MemoryBytes, options.Policy.Cpus, options.Policy.Pids, options.Policy.Runtime));
        Assert.Equal(LinkMode.Stdio, options.Link);
        Assert.Equal("the-old-name-of-it-0123456789-abcdef"u8.ToArray(), options.ServiceKey);
    }

    [Fact]
    public void One_message_lists_every_wrong_setting_with_an_example_and_no_secret()
    {
        const string weak = "changeme-changeme-changeme-changeme-42";
        Dictionary<string, string?> wrong = new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["EXECUTOR_SECRET_KEY"] = weak,
            ["FORCE_DOCKER_EXECUTION"] = "perhaps",
            ["MAX_CONCURRENT_SESSIONS"] = "five",
            ["MAX_SESSION_TIME"] = "-1",
            ["MAX_CODE_SIZE"] = "1e5",
            ["SANDBOX_MEMORY"] = "2.5 elephants",
            ["SANDBOX_CPUS"] = "0",
            ["SANDBOX_PIDS"] = "1",
            ["SANDBOX_LINK"] = "telepathy",
            ["SANDBOX_KIND"] = "trust",
            ["SANDBOX_LINK_DIRECTORY"] = "relative/path",
            ["DOCKER_HOST"] = "ftp://docker",
            ["EXECUTOR_ID"] = "a b",
            ["GAMEHOST_PATH"] = "/nonexistent/gamehost",
            ["LOG_LEVEL"] = "chatty",
        };
        string message = Assert.Throws<SettingsException>(() => ExecutorHost.Build(_directory, wrong)).Message;
        foreach (string name in wrong.Keys.Where(static name => name != "ASPNETCORE_ENVIRONMENT"))
        {
            string line = message.Split('\n').Single(line => line.StartsWith($"  - {name}:", StringComparison.Ordinal));
            Assert.Contains($"Example: {name}=", line, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(weak, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("short", "too short")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "default")]
    [InlineData("your-secret-key-change-in-production-please", "default")]
    public void Production_insists_on_a_real_secret(string? secret, string reason)
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => ExecutorHost.Build(
            _directory, new() { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["EXECUTOR_SECRET_KEY"] = secret }));
        Assert.Contains("EXECUTOR_SECRET_KEY", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_process_exits_with_one_message_and_a_non_zero_code()
    {
        using Process process = ExecutorProcess.Start(new() { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["MAX_SESSION_TIME"] = "soon" });
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains("MAX_SESSION_TIME", error, StringComparison.Ordinal);
        Assert.Contains("EXECUTOR_SECRET_KEY", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("256m", 256L << 20)]
    [InlineData("1G", 1L << 30)]
    [InlineData("512MB", 512L << 20)]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("65536k", 64L << 20)]
    [InlineData("1048576", 1L << 20)]
    public void Sizes_are_read_as_docker_writes_them(string text, long bytes)
    {
        Assert.True(SettingsReader.TryParseSize(text, out long read));
        Assert.Equal(bytes, read);
    }

    private async Task<ExecutorOptions> ReadAsync(Dictionary<string, string?> settings)
    {
        await using WebApplication app = ExecutorHost.Build(_directory, settings);
        return app.Services.GetRequiredService<ExecutorOptions>();
    }
}
