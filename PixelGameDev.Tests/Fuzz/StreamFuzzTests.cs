using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Fuzz;

/// <summary>
/// Sends 5,000 malformed messages of pages through the Api to a session that somebody else watches. Each is either harmless or refused with
/// WebSocket status 1008, which affects its sender only.
/// </summary>
[Collection(SystemCollection.Name)]
public sealed class StreamFuzzTests(SystemFixture fixture)
{
    private const int Seed = 20260201;
    private const int Count = 5000;

    /// <summary>The number of fuzzing viewers.</summary>
    private const int Lanes = 2;
    private const long MostGrowth = 40L << 20;

    private const string Game = """
        import pygame

        screen = pygame.display.set_mode((160, 120))
        clock = pygame.time.Clock()
        step = 0
        while not any(event.type == pygame.QUIT for event in pygame.event.get()):
            step += 1
            screen.fill((step % 256, pygame.mouse.get_pos()[0] % 256, 0))
            pygame.display.flip()
            clock.tick(60)
        """;

    [Fact]
    public async Task Five_thousand_malformed_page_messages_harm_nobody_else()
    {
        TestSystem system = await fixture.GetAsync();
        CookieContainer cookies = new();
        using HttpClient visitor = new(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = system.Address };
        (await visitor.PostAsync("/api/guests", null)).Dispose();
        string project = (await visitor.GetFromJsonAsync<JsonArray>("/api/projects"))![0]!["id"]!.GetValue<string>();
        using (HttpResponseMessage saved = await visitor.PutAsync($"/api/projects/{project}/files/main.py", new StringContent(Game)))
        {
            Assert.True(saved.IsSuccessStatusCode);
        }

        using HttpResponseMessage started = await visitor.PostAsJsonAsync("/api/sessions", new { projectId = project });
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
        Uri stream = new UriBuilder(new Uri(system.Address,
            (await started.Content.ReadFromJsonAsync<JsonObject>())!["streamUrl"]!.GetValue<string>()))
        { Scheme = "ws" }.Uri;

        await using Page witness = await Page.OpenAsync(stream, cookies);
        // A viewer that is silent for long gives its place to a new one.
        using CancellationTokenSource over = new();
        Task pinging = witness.PingAsync(over.Token);
        await Eventually.TrueAsync(() => witness.Frames > 0, "the witness sees the game");
        FuzzTarget api = new(system.Address, () => system.Host.Api.ProcessId);
        FuzzTarget executor = new(system.ExecutorAddress, () => system.Host.Executor.ProcessId);
        (int? apiProcess, int? executorProcess) = (api.Process, executor.Process);

        MessageFuzzer fuzzer = new(Seed, MessageFuzzer.PageMessages);
        await SendAsync(fuzzer, -500, 0, stream, cookies);
        (long apiBefore, long executorBefore) = (api.Memory, executor.Memory);
        int refused = await SendAsync(fuzzer, 0, Count, stream, cookies);

        Assert.True(refused > Count / 4, $"Only {refused} messages were refused.");
        Assert.Equal((apiProcess, executorProcess), (api.Process, executor.Process));
        Assert.False(witness.IsClosed, $"The witness lost its stream: {witness.CloseStatus}, {witness.CloseReason}, {witness.Ended}");
        int seen = witness.Frames;
        await Eventually.TrueAsync(() => witness.Frames > seen + 30, "the witness's game goes on");
        Assert.DoesNotContain("Unhandled exception", system.Log, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            () => api.Memory - apiBefore < MostGrowth && executor.Memory - executorBefore < MostGrowth,
            $"memory is back (Api {apiBefore >> 20} to {api.Memory >> 20} MiB, Executor {executorBefore >> 20} to " +
                $"{executor.Memory >> 20} MiB)");
        await over.CancelAsync();
        await pinging;
    }

    private static async Task<int> SendAsync(MessageFuzzer fuzzer, int from, int to, Uri stream, CookieContainer cookies)
    {
        int refused = 0;
        int next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async _ =>
        {
            Page page = await Page.OpenAsync(stream, cookies);
            try
            {
                for (int number = Interlocked.Increment(ref next); number < to; number = Interlocked.Increment(ref next))
                {
                    byte[] message = fuzzer.Next(number);
                    bool harmless;
                    while (!(harmless = await page.TryAsync(message, (ulong)(number + 1_000_000))) && page.IsOneTooMany)
                    {
                        // The viewers that were refused before it have not quite left.
                        await page.DisposeAsync();
                        page = await Page.OpenAsync(stream, cookies);
                    }

                    if (harmless)
                    {
                        continue;
                    }

                    // The server closes a stream only for a page that breaks the rules.
                    Assert.True(
                        page.CloseStatus == WebSocketCloseStatus.PolicyViolation,
                        $"Message {number} ({Convert.ToHexString(message[..Math.Min(64, message.Length)])}) closed the stream with " +
                            $"{page.CloseStatus?.ToString() ?? "nothing"}, session end: {page.Ended}, {page.Error}");
                    Interlocked.Increment(ref refused);
                    await page.DisposeAsync();
                    page = await Page.OpenAsync(stream, cookies);
                }
            }
            finally
            {
                await page.DisposeAsync();
            }
        }));
        return refused;
    }

    /// <summary>One WebSocket. It counts frames and waits for its pings to come back.</summary>
    private sealed class Page : IAsyncDisposable
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

        private readonly ClientWebSocket _socket = new();
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Task _reading = Task.CompletedTask;
        private TaskCompletionSource _pong = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ulong _expected;
        private int _frames;

        public int Frames => Volatile.Read(ref _frames);

        public bool IsClosed => _closed.Task.IsCompleted;

        public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

        public string? CloseReason => _socket.CloseStatusDescription;

        /// <summary>Gets whether the session had too many viewers for this one, which says nothing about its messages.</summary>
        public bool IsOneTooMany => CloseReason?.StartsWith(CloseReasons.TooManyViewers, StringComparison.Ordinal) == true;

        public string? Ended { get; private set; }

        /// <summary>Gets what the game's uncaught exception was, if there was one.</summary>
        public string? Error { get; private set; }

        public static async Task<Page> OpenAsync(Uri stream, CookieContainer cookies)
        {
            Page page = new();
            page._socket.Options.Cookies = cookies;
            await page._socket.ConnectAsync(stream, CancellationToken.None);
            page._reading = page.ReadAsync();
            return page;
        }

        /// <summary>
        /// Sends a message and waits until the game's side has answered a ping after it. Returns false when the stream was closed instead.
        /// </summary>
        public async Task<bool> TryAsync(byte[] message, ulong ping)
        {
            _pong = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _expected, ping);
            try
            {
                await _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
                await _socket.SendAsync((byte[])[(byte)MessageType.Ping, .. BitConverter.GetBytes(ping)], WebSocketMessageType.Binary,
                    endOfMessage: true, CancellationToken.None);
            }
            catch (Exception error) when (error is WebSocketException or ObjectDisposedException)
            {
                // The stream was closed between the two.
            }

            await Task.WhenAny(_pong.Task, _closed.Task).WaitAsync(Limit);
            return _pong.Task.IsCompleted;
        }

        /// <summary>
        /// Pings once a second, as the real page does, until the stream is closed or <paramref name="end"/> is cancelled.
        /// </summary>
        public async Task PingAsync(CancellationToken end)
        {
            using PeriodicTimer seconds = new(TimeSpan.FromSeconds(1));
            try
            {
                do
                {
                    await _socket.SendAsync((byte[])[(byte)MessageType.Ping, .. new byte[sizeof(ulong)]], WebSocketMessageType.Binary,
                        endOfMessage: true, end);
                }
                while (await seconds.WaitForNextTickAsync(end));
            }
            catch (Exception error) when (error is WebSocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The test is over or has failed.
            }
        }

        public async ValueTask DisposeAsync()
        {
            _socket.Abort();
            await _reading;
            _socket.Dispose();
        }

        private async Task ReadAsync()
        {
            byte[] buffer = new byte[1 << 20];
            try
            {
                while (true)
                {
                    ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                    if (part.MessageType == WebSocketMessageType.Close)
                    {
                        break;
                    }

                    Assert.True(part.EndOfMessage || part.Count > 0);
                    switch ((MessageType)buffer[0])
                    {
                        case MessageType.Frame when part.EndOfMessage:
                            Interlocked.Increment(ref _frames);
                            break;
                        case MessageType.Pong when BitConverter.ToUInt64(buffer, 1) == Volatile.Read(ref _expected):
                            _pong.TrySetResult();
                            break;
                        case MessageType.Error:
                            Error = System.Text.Encoding.UTF8.GetString(buffer, 1, part.Count - 1);
                            break;
                        case MessageType.Ended:
                            Ended = System.Text.Encoding.UTF8.GetString(buffer, 1, part.Count - 1);
                            break;
                    }
                }
            }
            catch (Exception error) when (error is WebSocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The stream was cut.
            }
            finally
            {
                _closed.TrySetResult();
            }
        }
    }
}
