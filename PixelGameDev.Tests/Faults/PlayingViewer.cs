using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using PixelGameDev.Benchmarks.People;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Faults;

/// <summary>
/// What the page does with a session, without its pictures: watches, plays, connects again by itself when the stream is cut, stops when
/// the session has ended or is said to have ended.
/// </summary>
internal sealed class PlayingViewer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Person person;
    private readonly Guid session;
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource<SessionEnded> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task running;
    private int frames;
    private int connections;
    private long lastFrame;
    private long longestPause;
    private ClientWebSocket? socket;

    public PlayingViewer(Person person, Guid session)
    {
        this.person = person;
        this.session = session;
        running = RunAsync();
    }

    /// <summary>Frames so far.</summary>
    public int Frames => Volatile.Read(ref frames);

    /// <summary>Times the stream was opened.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>The longest time between two frames.</summary>
    public TimeSpan LongestPause => Stopwatch.GetElapsedTime(0, Volatile.Read(ref longestPause));

    /// <summary>How the session ended, by the stream's last message or by the session's record.</summary>
    public Task<SessionEnded> Ended => ended.Task;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!stop.IsCancellationRequested && !ended.Task.IsCompleted)
        {
            try
            {
                await WatchAsync();
            }
            catch (Exception error) when (error is WebSocketException or HttpRequestException or OperationCanceledException or IOException)
            {
                // Cut, or not there yet: the page says so and tries again.
            }

            try
            {
                if (!ended.Task.IsCompleted && await person.EndOfAsync(session, stop.Token) is { } end)
                {
                    ended.TrySetResult(end);
                    return;
                }

                await Task.Delay(Pause, stop.Token);
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException or IOException)
            {
                // The server is away as a whole; the next round asks again.
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private async Task WatchAsync()
    {
        using ClientWebSocket opened = new();
        socket = opened;
        opened.Options.Cookies = person.Cookies;
        await opened.ConnectAsync(person.StreamOf(session), stop.Token);
        Interlocked.Increment(ref connections);
        byte[] buffer = new byte[256 * 1024];
        bool begins = true;
        while (true)
        {
            ValueWebSocketReceiveResult part = await opened.ReceiveAsync(buffer.AsMemory(), stop.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            if (begins && buffer[0] == (byte)MessageType.Frame)
            {
                long now = Stopwatch.GetTimestamp();
                Volatile.Write(ref longestPause, Math.Max(longestPause, Frames == 0 ? 0 : now - lastFrame));
                lastFrame = now;
                Interlocked.Increment(ref frames);
            }
            else if (begins && buffer[0] == (byte)MessageType.Ended)
            {
                ended.TrySetResult(JsonSerializer.Deserialize(buffer.AsSpan(1, part.Count - 1), ProtocolJson.Default.SessionEnded)!);
            }

            begins = part.EndOfMessage;
        }
    }
}

/// <summary>A guest with a project.</summary>
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

    private readonly GuestClient client;

    private Person(Uri address) => client = new GuestClient(address);

    public CookieContainer Cookies => client.Cookies;

    public HttpClient Http => client.Http;

    public string Project => client.Project;

    public static async Task<Person> ArriveAsync(Uri address)
    {
        Person person = new(address);
        await person.client.ArriveAsync();
        Assert.True(await person.TrySaveAsync("main.py", Game));
        return person;
    }

    /// <summary>Saves a file; whether the server said that it did.</summary>
    public async Task<bool> TrySaveAsync(string path, string text)
    {
        try
        {
            return (int)await client.SaveAsync(path, Encoding.UTF8.GetBytes(text)) is >= 200 and < 300;
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

    /// <summary>Presses Run; the session, null when the server refuses for now.</summary>
    public async Task<Guid?> TryRunAsync()
    {
        try
        {
            return Guid.Parse((string)(await client.RunAsync())["id"]!);
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

    /// <summary>The end that is on record for a session; null: it goes on, as far as anybody knows.</summary>
    public Task<SessionEnded?> EndOfAsync(Guid session, CancellationToken cancellationToken) =>
        client.EndOfAsync(session, cancellationToken);

    public Uri StreamOf(Guid session) => client.StreamOf(session);

    public void Dispose() => client.Dispose();
}
