using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using PixelGameDev.Benchmarks.People;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Faults;

/// <summary>
/// Does what the page does with a session, except for drawing: it watches, plays, connects again when the stream is cut, and stops when the
/// session has ended or its record says so.
/// </summary>
internal sealed class PlayingViewer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Person _person;
    private readonly Guid _session;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<SessionEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private int _frames;
    private int _connections;
    private long _lastFrame;
    private long _longestPause;
    private ClientWebSocket? _socket;

    public PlayingViewer(Person person, Guid session)
    {
        _person = person;
        _session = session;
        _running = RunAsync();
    }

    /// <summary>Counts the frames so far.</summary>
    public int Frames => Volatile.Read(ref _frames);

    /// <summary>Counts how often the stream was opened.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Returns the longest time between two frames.</summary>
    public TimeSpan LongestPause => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _longestPause));

    /// <summary>Completes with the end of the session, from the stream's last message or from the session's record.</summary>
    public Task<SessionEnded> Ended => _ended.Task;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested && !_ended.Task.IsCompleted)
        {
            try
            {
                await WatchAsync();
            }
            catch (Exception error) when (error is WebSocketException or HttpRequestException or OperationCanceledException or IOException)
            {
                // The stream was cut or is not there yet. The page reports it and tries again.
            }

            try
            {
                if (!_ended.Task.IsCompleted && await _person.EndOfAsync(_session, _stop.Token) is { } end)
                {
                    _ended.TrySetResult(end);
                    return;
                }

                await Task.Delay(Pause, _stop.Token);
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException or IOException)
            {
                // The whole server is away. The next round asks again.
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private async Task WatchAsync()
    {
        using ClientWebSocket opened = new();
        _socket = opened;
        opened.Options.Cookies = _person.Cookies;
        await opened.ConnectAsync(_person.StreamOf(_session), _stop.Token);
        Interlocked.Increment(ref _connections);
        byte[] buffer = new byte[256 * 1024];
        bool begins = true;
        while (true)
        {
            ValueWebSocketReceiveResult part = await opened.ReceiveAsync(buffer.AsMemory(), _stop.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            if (begins && buffer[0] == (byte)MessageType.Frame)
            {
                long now = Stopwatch.GetTimestamp();
                Volatile.Write(ref _longestPause, Math.Max(_longestPause, Frames == 0 ? 0 : now - _lastFrame));
                _lastFrame = now;
                Interlocked.Increment(ref _frames);
            }
            else if (begins && buffer[0] == (byte)MessageType.Ended)
            {
                _ended.TrySetResult(JsonSerializer.Deserialize(buffer.AsSpan(1, part.Count - 1), ProtocolJson.Default.SessionEnded)!);
            }

            begins = part.EndOfMessage;
        }
    }
}

/// <summary>Acts as a guest with a project.</summary>
internal sealed class Person : IDisposable
{
    private const string Game = """
        import pygame

        screen = pygame.display.set_mode((160, 120))
        clock = pygame.time.Clock()
        step = 0
        while not any(event.type == pygame.QUIT for event in pygame.event.get()):
            step += 1
            screen.fill((step % 256, 80, 160))
            pygame.display.flip()
            clock.tick(30)
        """;

    private readonly GuestClient _client;

    private Person(Uri address) => _client = new GuestClient(address);

    public CookieContainer Cookies => _client.Cookies;

    public HttpClient Http => _client.Http;

    public string Project => _client.Project;

    public static async Task<Person> ArriveAsync(Uri address)
    {
        Person person = new(address);
        await person._client.ArriveAsync();
        Assert.True(await person.TrySaveAsync("main.py", Game));
        return person;
    }

    /// <summary>Saves a file and returns whether the server confirmed it.</summary>
    public async Task<bool> TrySaveAsync(string path, string text)
    {
        try
        {
            return (int)await _client.SaveAsync(path, Encoding.UTF8.GetBytes(text)) is >= 200 and < 300;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Presses Run and returns the session; null when the server refuses for now.</summary>
    public async Task<Guid?> TryRunAsync()
    {
        try
        {
            return Guid.Parse((string)(await _client.RunAsync())["id"]!);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Presses Run until it works.</summary>
    public async Task<Guid> RunAsync()
    {
        Guid? session = null;
        await Fixtures.Eventually.TrueAsync(async () => (session = await TryRunAsync()) is not null, "a game starts");
        return session!.Value;
    }

    /// <summary>Returns the recorded end of a session; null while none is recorded.</summary>
    public Task<SessionEnded?> EndOfAsync(Guid session, CancellationToken cancellationToken) =>
        _client.EndOfAsync(session, cancellationToken);

    public Uri StreamOf(Guid session) => _client.StreamOf(session);

    public void Dispose() => _client.Dispose();
}
