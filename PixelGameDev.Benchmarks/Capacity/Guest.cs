using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using PixelGameDev.Benchmarks.People;
using PixelGameDev.Benchmarks.Play;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Benchmarks.Capacity;

/// <summary>Acts as a guest who plays one project, without a browser: it sends what the page sends and counts pictures.</summary>
internal sealed class Guest : IAsyncDisposable
{
    /// <summary>The time between two Acks, as in the page: <c>ackEvery</c> in Web/src/stream/core.ts.</summary>
    private static readonly TimeSpan AckEvery = TimeSpan.FromMilliseconds(100);

    private readonly GuestClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _phasesTold = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastAck;
    private Guid? _session;
    private Task _watching = Task.CompletedTask;
    private long _frames;

    private Guest(RunningSystem system) => _client = new GuestClient(system.Address, TimeSpan.FromSeconds(60));

    /// <summary>Counts the pictures so far.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>Milliseconds from the request to the answer with a session.</summary>
    public double Accepted { get; private set; }

    /// <summary>Milliseconds from the request to the first picture.</summary>
    public double FirstPicture { get; private set; }

    /// <summary>Holds the phases that the sandbox reported, µs. They are complete after <see cref="UntilPhasesAsync"/>.</summary>
    public Dictionary<string, double> Phases { get; } = [];

    /// <summary>Whether the session got a warm sandbox.</summary>
    public bool Warm { get; private set; }

    /// <summary>Creates a guest whose project is this game.</summary>
    public static async Task<Guest> ComeAsync(RunningSystem system, BenchGame game, string arguments = "")
    {
        Guest guest = new(system);
        await guest._client.ArriveAsync();
        foreach ((string path, byte[] content) in game.Staged(arguments))
        {
            if (await guest._client.SaveAsync(path, content) is not (HttpStatusCode.OK or HttpStatusCode.Created) and var status)
            {
                throw new InvalidOperationException($"{path} could not be saved: {status}.");
            }
        }

        return guest;
    }

    /// <summary>Starts the game and watches it. Completes at its first picture.</summary>
    public async Task PlayAsync()
    {
        long start = Stopwatch.GetTimestamp();
        JsonNode started;
        try
        {
            started = await _client.RunAsync();
        }
        catch (HttpRequestException refused) when (refused.StatusCode is not null)
        {
            throw new InvalidOperationException(refused.Message, refused);
        }

        _session = Guid.Parse((string)started["id"]!);
        Warm = (bool)started["warm"]!;
        Accepted = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        _watching = WatchAsync(_client.StreamOf(_session.Value), start);
        await _first.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>
    /// Waits until the sandbox has reported all its phases. The report follows the first picture, which ends the last phase.
    /// </summary>
    public Task UntilPhasesAsync() => _phasesTold.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        if (_session is { } played)
        {
            await _client.StopAsync(played);
        }

        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
        _client.Dispose();
    }

    private async Task WatchAsync(Uri stream, long start)
    {
        using ClientWebSocket socket = new();
        socket.Options.Cookies = _client.Cookies;
        socket.Options.SetRequestHeader("Origin", _client.Origin);
        byte[] buffer = new byte[1 << 20];
        byte[] ack = new byte[9];
        ack[0] = (byte)MessageType.Ack;
        try
        {
            await socket.ConnectAsync(stream, _stop.Token);
            await socket.SendAsync(new byte[] { (byte)MessageType.View, 1, 60 }, WebSocketMessageType.Binary, true, _stop.Token);
            bool begins = true;
            while (true)
            {
                ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                if (begins && buffer[0] == (byte)MessageType.Frame)
                {
                    if (Interlocked.Increment(ref _frames) == 1)
                    {
                        FirstPicture = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                        _first.TrySetResult();
                    }

                    if (Stopwatch.GetElapsedTime(_lastAck) >= AckEvery)
                    {
                        _lastAck = Stopwatch.GetTimestamp();
                        buffer.AsSpan(6, 4).CopyTo(ack.AsSpan(1));
                        await socket.SendAsync(ack, WebSocketMessageType.Binary, true, _stop.Token);
                    }
                }
                else if (begins && part.EndOfMessage && buffer[0] == (byte)MessageType.State)
                {
                    foreach ((string name, JsonNode? value) in JsonNode.Parse(buffer.AsSpan(1, part.Count - 1))?["phases"]?.AsObject()
                        ?? [])
                    {
                        Phases[name] = (double)value!;
                    }

                    if (Phases.ContainsKey("firstFrame"))
                    {
                        _phasesTold.TrySetResult();
                    }
                }

                begins = part.EndOfMessage;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or JsonException)
        {
            _first.TrySetException(error);
        }
    }
}
