using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PixelGameDev.Benchmarks.People;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Benchmarks.Soak;

/// <summary>
/// Acts as a person who writes a game, presses Run, watches it to its end and begins again. It does what the page does, without its
/// pictures.
/// </summary>
internal sealed class SoakPerson : IDisposable
{
    /// <summary>An end that is not told within this time is lost. It is three times as long as the slowest restart.</summary>
    private static readonly TimeSpan TellLimit = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly GuestClient _client;
    private readonly SoakLedger _ledger;
    private readonly Random _random;

    public SoakPerson(Uri address, SoakLedger ledger, int seed)
    {
        _client = new GuestClient(address);
        _ledger = ledger;
        _random = new Random(seed);
    }

    /// <summary>Plays until told to stop. Watches the last game to its end.</summary>
    public async Task LiveAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (_client.Project.Length == 0)
                {
                    await _client.ArriveAsync();
                }

                await PlayAsync(SoakGame.Choose(_random));
                await Task.Delay(_random.Next(50, 400), CancellationToken.None);
            }
            catch (Exception error) when (IsAway(error))
            {
                _ledger.Refuse("no answer");
                await Task.Delay(Pause, CancellationToken.None);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                _ledger.Lose($"an answer that nobody expected: {error.Message}");
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private static bool IsAway(Exception error) =>
        error is HttpRequestException or OperationCanceledException or IOException or WebSocketException or JsonException;

    private async Task PlayAsync(SoakGame game)
    {
        HttpStatusCode saved = await _client.SaveAsync("main.py", Encoding.UTF8.GetBytes(game.Program));
        if (saved is not (HttpStatusCode.OK or HttpStatusCode.Created))
        {
            _ledger.Refuse(string.Create(CultureInfo.InvariantCulture, $"save {(int)saved}"));
            await Task.Delay(Pause);
            return;
        }

        Guid session = Guid.NewGuid();
        HttpStatusCode status = 0;
        try
        {
            using HttpResponseMessage answer =
                await _client.Http.PostAsJsonAsync("/api/sessions", new { projectId = _client.Project, id = session });
            status = answer.StatusCode;
        }
        catch (Exception error) when (IsAway(error))
        {
            // The answer is lost. The game may run; its record says so.
        }

        if (status is not (0 or HttpStatusCode.Created or HttpStatusCode.OK))
        {
            _ledger.Refuse(string.Create(CultureInfo.InvariantCulture, $"run {(int)status}"));
            await Task.Delay(Pause);
            return;
        }

        if (status == 0 && !await IsOnRecordAsync(session))
        {
            _ledger.Refuse("run, no answer");
            return;
        }

        SoakRun run = new(game.Name, game.Ends, session) { Unanswered = status == 0 };
        _ledger.Begin(run);
        await FollowAsync(run, game.Stops ? TimeSpan.FromMilliseconds(_random.Next(300, 2500)) : null);
    }

    private async Task<bool> IsOnRecordAsync(Guid session)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TellLimit; await Task.Delay(Pause))
        {
            try
            {
                using HttpResponseMessage answer = await _client.Http.GetAsync($"/api/sessions/{session}");
                if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotFound)
                {
                    return answer.IsSuccessStatusCode;
                }
            }
            catch (Exception error) when (IsAway(error))
            {
                // The service restarts.
            }
        }

        _ledger.Lose($"nobody says whether {session} was started");
        return false;
    }

    /// <summary>Watches the session, connects again when cut, reads the record, and counts an end that is never told.</summary>
    private async Task FollowAsync(SoakRun run, TimeSpan? stopAfter)
    {
        using CancellationTokenSource ended = new();
        Task stopping = stopAfter is { } time ? StopAsync(run, time, ended.Token) : Task.CompletedTask;
        while (run.Told is null && Stopwatch.GetElapsedTime(run.Started) < TellLimit)
        {
            try
            {
                await WatchAsync(run);
            }
            catch (Exception error) when (IsAway(error))
            {
                // The stream was cut or is not there yet.
            }

            try
            {
                if (run.Told is null && (string?)(await _client.ReadAsync(run.Session))["endReason"] is { } reason)
                {
                    _ledger.End(run, reason, byStream: false);
                }
            }
            catch (HttpRequestException error) when (error.StatusCode == HttpStatusCode.NotFound)
            {
                if (run.Unanswered)
                {
                    // The page reports that the game was not started.
                    _ledger.Refuse("run, no answer");
                }
                else if (_ledger.RecordMayBeGone(run))
                {
                    _ledger.Refuse("run, gone with the database");
                }
                else
                {
                    _ledger.Lose($"the record of {run.Session} is gone ({run.Game})");
                }

                run.Withdrawn = true;
                break;
            }
            catch (Exception error) when (IsAway(error))
            {
                // The whole server is away.
            }

            if (run.Told is null)
            {
                await Task.Delay(Pause);
            }
        }

        if (run is { Told: null, Withdrawn: false })
        {
            _ledger.Lose(string.Create(CultureInfo.InvariantCulture,
                $"never told: {run.Session}, a game that {run.Game}, {Stopwatch.GetElapsedTime(run.Started).TotalSeconds:0} s after Run"));
        }

        await ended.CancelAsync();
        await stopping;
    }

    /// <summary>Presses Stop until an answer comes or the game has ended.</summary>
    private async Task StopAsync(SoakRun run, TimeSpan after, CancellationToken ended)
    {
        try
        {
            await Task.Delay(after, ended);
            while (!ended.IsCancellationRequested)
            {
                try
                {
                    using HttpResponseMessage answer = await _client.Http.PostAsync($"/api/sessions/{run.Session}/stop", null, ended);
                    if (answer.IsSuccessStatusCode)
                    {
                        return;
                    }
                }
                catch (Exception error) when (error is HttpRequestException or IOException)
                {
                    // The server is away. The person presses again.
                }

                await Task.Delay(Pause, ended);
            }
        }
        catch (OperationCanceledException)
        {
            // The game has ended.
        }
    }

    private async Task WatchAsync(SoakRun run)
    {
        using CancellationTokenSource limit = new(TellLimit);
        using ClientWebSocket socket = new();
        socket.Options.Cookies = _client.Cookies;
        socket.Options.SetRequestHeader("Origin", _client.Origin);
        await socket.ConnectAsync(_client.StreamOf(run.Session), limit.Token);
        await socket.SendAsync(new byte[] { (byte)MessageType.View, 1, 60 }, WebSocketMessageType.Binary, true, limit.Token);
        byte[] buffer = new byte[256 * 1024];
        bool begins = true;
        while (true)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            switch (begins ? (MessageType)buffer[0] : 0)
            {
                case MessageType.Ended:
                    _ledger.End(run, (string)JsonNode.Parse(buffer.AsSpan(1, part.Count - 1))!["reason"]!, byStream: true);
                    return;
                case MessageType.InputRequest:
                    await socket.SendAsync(new byte[] { (byte)MessageType.ConsoleInput, (byte)'M', (byte)'i', (byte)'a' },
                        WebSocketMessageType.Binary, true, limit.Token);
                    break;
                case MessageType.Frame when _random.Next(150) == 0:
                    // A stalled viewer reads nothing from the stream.
                    _ledger.Stall();
                    await Task.Delay(_random.Next(300, 3000), limit.Token);
                    break;
            }

            begins = part.EndOfMessage;
        }
    }
}
