using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using PixelGameDev.Benchmarks.Network;
using PixelGameDev.Benchmarks.People;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Benchmarks.Budgets;

/// <summary>The effect of viewers that never read on the other viewers, and on the memory of the services.</summary>
/// <param name="Silent">The number of viewers that never read.</param>
/// <param name="Seconds">The time during which the two games were compared.</param>
/// <param name="BesideFrames">Pictures that a reading viewer got of a game that three silent viewers watch too.</param>
/// <param name="BesideSent">Pictures that the sandbox of this game sent meanwhile.</param>
/// <param name="AloneFrames">Pictures that a reading viewer got of the same game without silent viewers, in the same time.</param>
/// <param name="BesideBytes">Bytes that each of the three silent viewers was sent, or would have been sent.</param>
/// <param name="Before">The memory before they came, by service.</param>
/// <param name="Most">The highest memory while they were connected.</param>
internal sealed record SilentResults(
    int Silent, double Seconds, long BesideFrames, long BesideSent, long AloneFrames, long BesideBytes,
    IReadOnlyDictionary<string, ServiceMemory> Before, IReadOnlyDictionary<string, ServiceMemory> Most)
{
    /// <summary>Returns how many MB a service held more than before.</summary>
    public double Growth(string service) => Most[service].Resident - Before[service].Resident;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Silent} silent viewers: beside three of them {BesideFrames} of {BesideSent} pictures, alone {AloneFrames}, in {Seconds:0} s; " +
            $"Api {Before["Api"].Resident:0} → {Most["Api"].Resident:0} MB, Executor {Before["Executor"].Resident:0} → " +
            $"{Most["Executor"].Resident:0} MB");
}

/// <summary>
/// Runs games whose every picture is new, each with its own guest and with as many viewers that never read as a session accepts: real
/// sockets to a real Api and a real Executor. Two of the games have a viewer that reads: one with three silent viewers, the other with
/// none.
/// </summary>
internal sealed class SilentCrowd : IAsyncDisposable
{
    /// <summary>The number of viewers that a session accepts (docs/PROTOCOL.md, "Budgets").</summary>
    private const int ViewersOfSession = 4;

    private readonly Uri _api;
    private readonly Uri _executor;
    private readonly List<(GuestClient Guest, Guid Session)> _games = [];
    private readonly List<SilentViewer> _silent = [];
    private readonly CancellationTokenSource _leave = new();
    private readonly List<Task> _reading = [];

    private SilentCrowd(Uri api, Uri executor)
    {
        _api = api;
        _executor = executor;
    }

    /// <summary>Starts the games, connects the silent viewers, and compares until their game has sent enough.</summary>
    /// <param name="api">The Api.</param>
    /// <param name="executor">The Api's only Executor.</param>
    /// <param name="sessions">The number of games, two or more.</param>
    /// <param name="bytes">Bytes that the game must have sent to each silent viewer: far more than the buffers on the way hold.</param>
    /// <param name="limit">The longest wait for that.</param>
    public static async Task<SilentResults> MeasureAsync(Uri api, Uri executor, int sessions, long bytes, TimeSpan limit)
    {
        await using SilentCrowd crowd = new(api, executor);
        return await crowd.CompareAsync(sessions, bytes, limit);
    }

    public async ValueTask DisposeAsync()
    {
        _silent.ForEach(static viewer => viewer.Dispose());
        await _leave.CancelAsync();
        await Task.WhenAll(_reading);
        _leave.Dispose();
        foreach ((GuestClient guest, Guid session) in _games)
        {
            await guest.StopAsync(session);
            guest.Dispose();
        }
    }

    private async Task<SilentResults> CompareAsync(int sessions, long bytes, TimeSpan limit)
    {
        byte[] snow = await File.ReadAllBytesAsync(Path.Combine(GameSet.Folder, "noise.py"));
        for (int count = 0; count < sessions; count++)
        {
            GuestClient guest = new(_api);
            await guest.ArriveAsync();
            await guest.SaveAsync("main.py", snow);
            _games.Add((guest, Guid.Parse((string)(await guest.RunAsync())["id"]!)));
        }

        Keen beside = new(), alone = new();
        _reading.Add(ReadAsync(_games[0], beside));
        _reading.Add(ReadAsync(_games[1], alone));
        await UntilAsync(() => Task.FromResult(beside.Frames > 0 && alone.Frames > 0), limit, "both games are seen");
        IReadOnlyDictionary<string, ServiceMemory> before = await MemoryAsync();
        Dictionary<string, ServiceMemory> most = new(before);

        await ComeAsync(_games[0], ViewersOfSession - 1);
        foreach ((GuestClient Guest, Guid Session) game in _games.Skip(2))
        {
            await ComeAsync(game, ViewersOfSession);
        }

        (long sentBefore, long bytesBefore) = await SentAsync(_games[0]);
        long framesBefore = beside.Frames, aloneBefore = alone.Frames;
        long began = Stopwatch.GetTimestamp();
        long sent = 0, weight = 0;
        await UntilAsync(
            async () =>
            {
                foreach ((string service, ServiceMemory now) in await MemoryAsync())
                {
                    most[service] = now.Resident > most[service].Resident ? now : most[service];
                }

                (long frames, long all) = await SentAsync(_games[0]);
                (sent, weight) = (frames - sentBefore, all - bytesBefore);
                return weight >= bytes;
            },
            limit,
            "the game has sent enough");
        return new SilentResults(
            _silent.Count, Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 1), beside.Frames - framesBefore, sent,
            alone.Frames - aloneBefore, weight, before, most);
    }

    private async Task ComeAsync((GuestClient Guest, Guid Session) game, int count)
    {
        for (; count > 0; count--)
        {
            _silent.Add(await SilentViewer.WatchAsync(game.Guest.StreamOf(game.Session), game.Guest.Cookies));
        }
    }

    private static async Task<(long Frames, long Bytes)> SentAsync((GuestClient Guest, Guid Session) game)
    {
        System.Text.Json.Nodes.JsonNode record = await game.Guest.ReadAsync(game.Session);
        return record["endReason"] is null
            ? ((long)record["frames"]!, (long)record["bytes"]!)
            : throw new InvalidOperationException($"A game ended: {record["endMessage"]}");
    }

    /// <summary>Reads the memory that the services report.</summary>
    private async Task<IReadOnlyDictionary<string, ServiceMemory>> MemoryAsync()
    {
        Dictionary<string, ServiceMemory> memory = [];
        foreach ((string service, Uri address) in new[] { ("Api", _api), ("Executor", _executor) })
        {
            using HttpResponseMessage answer = await _games[0].Guest.Http.GetAsync(new Uri(address, "/api/health"));
            using JsonDocument health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            JsonElement numbers = health.RootElement.GetProperty("memory");
            long heap = (numbers.TryGetProperty("heapUsed", out JsonElement used) ? used : numbers.GetProperty("heap_used")).GetInt64();
            memory[service] = new ServiceMemory(Math.Round(numbers.GetProperty("rss").GetInt64() / 1e6, 1), Math.Round(heap / 1e6, 1));
        }

        return memory;
    }

    private async Task ReadAsync((GuestClient Guest, Guid Session) game, Keen keen)
    {
        byte[] buffer = new byte[256 * 1024];
        using ClientWebSocket socket = new();
        socket.Options.Cookies = game.Guest.Cookies;
        try
        {
            await socket.ConnectAsync(game.Guest.StreamOf(game.Session), _leave.Token);
            bool begins = true;
            while (await socket.ReceiveAsync(buffer.AsMemory(), _leave.Token) is { MessageType: WebSocketMessageType.Binary } part)
            {
                keen.Frames += begins && buffer[0] == (byte)MessageType.Frame ? 1 : 0;
                begins = part.EndOfMessage;
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // The game is over. If it ended early, its record says so.
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan limit, string what)
    {
        for (long start = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(100))
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException($"It did not come to that within {limit.TotalSeconds:0} s: {what}.");
            }
        }
    }

    /// <summary>A viewer that reads.</summary>
    private sealed class Keen
    {
        private long _frames;

        public long Frames
        {
            get => Interlocked.Read(ref _frames);
            set => Interlocked.Exchange(ref _frames, value);
        }
    }
}
