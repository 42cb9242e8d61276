using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests what the log says about a browser that leaves in the middle of a save.</summary>
public sealed class AbortedUploadTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_browser_that_leaves_while_it_saves_is_no_warning()
    {
        await using RunningApi api = await RunningApi.StartAsync(
            fixture.ConnectionString, fixture.Executor.Address, $"--Logging:{LogSink.Alias}:LogLevel:Default=Debug");
        await api.WaitUntilHealthyAsync();
        using Visitor visitor = await Visitor.ArriveAsync(api.Address);
        Guid project = await visitor.FirstProjectAsync();
        using LogSink log = new();
        api.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);

        for (int i = 1; i <= 10; i++)
        {
            using (TcpClient browser = new(api.Address.Host, api.Address.Port))
            {
                NetworkStream stream = browser.GetStream();
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    $"PUT {Visitor.FileUrl(project, "hero.png")} HTTP/1.1\r\nHost: {api.Address.Authority}\r\n" +
                    $"Cookie: {visitor.Cookies.GetCookieHeader(api.Address)}\r\nContent-Length: 900000\r\nExpect: 100-continue\r\n\r\n"));
                // The server says that it reads.
                Assert.StartsWith("HTTP/1.1 100", await new StreamReader(stream).ReadLineAsync(), StringComparison.Ordinal);
                await stream.WriteAsync(new byte[1000]);
            }

            await Eventually.TrueAsync(
                () => log.Entries.Count(static entry => entry.Event == "ConnectionStop") == i, "the connection has ended");
        }

        Assert.DoesNotContain(log.Entries, static entry => entry.Level >= LogLevel.Warning);
    }

    [ProviderAlias(LogSink.Alias)]
    private sealed class LogSink : ILoggerProvider
    {
        public const string Alias = "Sink";

        public ConcurrentQueue<(LogLevel Level, string? Event, string Text)> Entries { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Logger(Entries);

        public void Dispose()
        {
        }

        private sealed class Logger(ConcurrentQueue<(LogLevel Level, string? Event, string Text)> entries) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception,
                Func<TState, Exception?, string> formatter) =>
                entries.Enqueue((logLevel, eventId.Name, $"{formatter(state, exception)} {exception}"));
        }
    }
}
