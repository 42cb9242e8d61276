using System.Diagnostics;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Fixtures.Sandbox;

/// <summary>
/// The Executor's side of a link, small and for tests: starts GameHost in a sandbox, takes its one connection, decodes its frames and
/// keeps what it says.
/// </summary>
internal sealed class LinkHost : IAsyncDisposable
{
    private readonly TestDirectory directory = new();
    private readonly Lock gate = new();
    private readonly FrameDecoder decoder = new();
    private readonly List<(MessageType Type, byte[] Message)> messages = [];
    private readonly StringBuilder console = new();
    private readonly TaskCompletionSource<SessionEnded> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder complaints = new();
    private readonly ManualResetEventSlim mayRead = new(true);
    private Process? process;
    private string? container;
    private LinkDirectory link = null!;
    private Stream stream = null!;
    private LinkReader reader = null!;
    private LinkWriter writer = null!;
    private Task reading = Task.CompletedTask;
    private GamePicture? picture;
    private uint seq;
    private int frames;
    private int keyframes;

    private LinkHost()
    {
    }

    /// <summary>Called with every picture, in order, on the link's own task.</summary>
    public event Action<GamePicture>? Seen;

    /// <summary>GameHost's first words.</summary>
    public HelloInfo Hello { get; private set; } = null!;

    /// <summary>The game's working directory on this machine; only where the sandbox is a process.</summary>
    public string Work => directory.Sub("work");

    /// <summary>Process id of GameHost; only where the sandbox is a process.</summary>
    public int ProcessId => process!.Id;

    /// <summary>Id of the container; only where there is one.</summary>
    public string Container => container!;

    /// <summary>The last picture; null before the first.</summary>
    public GamePicture? Picture
    {
        get
        {
            lock (gate)
            {
                return picture;
            }
        }
    }

    public int Frames => Volatile.Read(ref frames);

    public int Keyframes => Volatile.Read(ref keyframes);

    /// <summary>Everything printed so far: standard output, error and notes in the order they came.</summary>
    public string Console
    {
        get
        {
            lock (gate)
            {
                return console.ToString();
            }
        }
    }

    /// <summary>The end of the session.</summary>
    public Task<SessionEnded> Ended => ended.Task;

    private static IContainerOperations Containers => TestGameImage.Docker.Client.Containers;

    /// <summary>Starts a sandbox and waits until it is warm.</summary>
    /// <param name="kind">Where.</param>
    /// <param name="python">Another interpreter for a process sandbox.</param>
    /// <param name="stdio">Link over standard input and output instead of the socket.</param>
    /// <param name="hello">Whether GameHost is expected to become warm.</param>
    public static async Task<LinkHost> StartAsync(
        SandboxKind kind = SandboxKind.Process, string python = "/usr/bin/python3", bool stdio = false, bool hello = true)
    {
        await GameHostBinary.EnsureAsync();
        LinkHost host = new();
        try
        {
            await host.OpenAsync(kind, python, stdio);
            if (hello)
            {
                host.Hello = SandboxMessages.ReadHello(await host.MessageAsync(MessageType.Hello));
            }

            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a sandbox and in it a game of one file, with one viewer at 60 frames a second.</summary>
    public static async Task<LinkHost> RunAsync(string main, SandboxKind kind = SandboxKind.Process)
    {
        LinkHost host = await StartAsync(kind);
        await host.StartGameAsync(new Dictionary<string, string> { ["main.py"] = main });
        return host;
    }

    public Task StartGameAsync(IReadOnlyDictionary<string, string> files, string entry = "main.py", StartMessage? start = null) =>
        StartGameAsync(files.ToDictionary(f => f.Key, f => Encoding.UTF8.GetBytes(f.Value)), entry, start);

    public async Task StartGameAsync(IReadOnlyDictionary<string, byte[]> files, string entry = "main.py", StartMessage? start = null)
    {
        foreach ((string path, byte[] content) in files)
        {
            await SendAsync(ExecutorMessages.File(path, content));
        }

        await ViewersAsync(1, 60);
        await SendAsync(ExecutorMessages.Start(start ?? new StartMessage(entry)));
    }

    public async Task SendAsync(byte[] message) => await writer.WriteAsync(message);

    public Task ViewersAsync(ushort count, byte maxFps) => SendAsync(ExecutorMessages.Viewers(count, maxFps));

    public Task StopAsync(uint graceMillis = 2000) => SendAsync(ExecutorMessages.Stop(graceMillis));

    /// <summary>Presses or releases a key; returns the number the input went with.</summary>
    public async Task<uint> KeyAsync(int scancode, bool down, uint keycode = 0, string text = "", ushort mods = 0, bool repeat = false)
    {
        uint number = ++seq;
        await SendAsync(new KeyMessage(number, down, repeat, (ushort)scancode, mods, keycode, text).ToMessage());
        return number;
    }

    public async Task<uint> MoveAsync(int x, int y, byte buttons = 0)
    {
        uint number = ++seq;
        await SendAsync(new MouseMoveMessage(number, (short)x, (short)y, buttons).ToMessage());
        return number;
    }

    public async Task<uint> ButtonAsync(int button, bool down, int x, int y)
    {
        uint number = ++seq;
        await SendAsync(new MouseButtonMessage(number, (byte)button, down, (short)x, (short)y).ToMessage());
        return number;
    }

    public async Task<uint> WheelAsync(int y)
    {
        uint number = ++seq;
        await SendAsync(new WheelMessage(number, 0, (short)y).ToMessage());
        return number;
    }

    public async Task<uint> FocusAsync(bool focused)
    {
        uint number = ++seq;
        await SendAsync(new FocusMessage(number, focused).ToMessage());
        return number;
    }

    /// <summary>The Executor dies.</summary>
    public void CutLink() => stream.Dispose();

    /// <summary>Stops reading the link until <see cref="Resume"/>.</summary>
    public void Pause() => mayRead.Reset();

    public void Resume() => mayRead.Set();

    /// <summary>Waits until GameHost has gone; its exit code.</summary>
    public async Task<int> GoneAsync()
    {
        using CancellationTokenSource limit = new(Eventually.Limit);
        if (container is not null)
        {
            return (int)(await Containers.WaitContainerAsync(container, limit.Token)).StatusCode;
        }

        await process!.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    /// <summary>Every message of a type so far.</summary>
    public IReadOnlyList<byte[]> Messages(MessageType type)
    {
        lock (gate)
        {
            return [.. messages.Where(m => m.Type == type).Select(m => m.Message)];
        }
    }

    /// <summary>Types in the order they came, frames left out.</summary>
    public IReadOnlyList<MessageType> Order()
    {
        lock (gate)
        {
            return [.. messages.Select(m => m.Type)];
        }
    }

    public Task<GamePicture> PictureAsync(Func<GamePicture, bool> accept, string what) =>
        WhenAsync(() => Picture is { } now && accept(now) ? now : null, what);

    public Task<byte[]> MessageAsync(MessageType type, Func<byte[], bool>? accept = null) =>
        WhenAsync(() => Messages(type).FirstOrDefault(m => accept?.Invoke(m) ?? true), $"a {type} message");

    public Task ConsoleAsync(string text) =>
        WhenAsync(() => Console.Contains(text, StringComparison.Ordinal) ? text : null, $"'{text}' in the console");

    public async Task<ErrorReport> ErrorAsync() =>
        SandboxMessages.ReadJson(await MessageAsync(MessageType.Error), MessageType.Error, ProtocolJson.Default.ErrorReport);

    public async Task<SessionEnded> EndAsync()
    {
        await WhenAsync(() => Ended.IsCompleted ? "" : null, "the end of the session");
        return await Ended;
    }

    public async ValueTask DisposeAsync()
    {
        mayRead.Set();
        if (stream is not null)
        {
            await stream.DisposeAsync();
        }

        if (container is not null)
        {
            await Containers.RemoveContainerAsync(container, new ContainerRemoveParameters { Force = true });
        }

        if (process is not null)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }

        await reading;
        link?.Dispose();
        reader?.Dispose();
        decoder.Dispose();
        directory.Dispose();
    }

    private async Task OpenAsync(SandboxKind kind, string python, bool stdio)
    {
        using CancellationTokenSource limit = new(Eventually.Limit);
        Directory.CreateDirectory(Work);
        link = LinkDirectory.Create(directory.Path);
        if (kind == SandboxKind.Process)
        {
            stream = await OpenProcessAsync(python, stdio, limit.Token);
        }
        else
        {
            stream = await OpenContainerAsync(stdio, limit.Token);
        }

        reader = new LinkReader(stream, MessageRoute.SandboxToPage | MessageRoute.SandboxToExecutor);
        writer = new LinkWriter(stream);
        reading = Task.Run(ReadAsync);
    }

    private async Task<Stream> OpenProcessAsync(string python, bool stdio, CancellationToken cancellationToken)
    {
        process = Process.Start(new ProcessStartInfo(
            GameHostBinary.Path,
            ["--link", stdio ? "stdio" : link.SocketPath, "--runtime", GameHostBinary.Runtime, "--work", Work, "--python", python])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = stdio,
            RedirectStandardInput = stdio,
        })!;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (complaints)
            {
                complaints.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        if (stdio)
        {
            return new DuplexStream(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
        }

        Task<Stream> accepting = link.AcceptAsync(cancellationToken);
        return await Task.WhenAny(accepting, process.WaitForExitAsync(cancellationToken)) == accepting
            ? await accepting
            : throw new InvalidOperationException($"GameHost did not connect: {complaints}");
    }

    /// <summary>A container with the very parameters the Executor uses.</summary>
    private async Task<Stream> OpenContainerAsync(bool stdio, CancellationToken cancellationToken)
    {
        CreateContainerParameters parameters = DockerPolicy.Container(
            TestGameImage.Options.Policy,
            await TestGameImage.EnsureAsync(),
            new Dictionary<string, string> { ["pixelgamedev.test"] = "1" },
            stdio ? null : link.Path);
        container = (await Containers.CreateContainerAsync(parameters, cancellationToken)).ID;
        Stream? attached = stdio
            ? new StdioLinkStream(await Containers.AttachContainerAsync(
                container, new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true }, cancellationToken))
            : null;
        await Containers.StartContainerAsync(container, new ContainerStartParameters(), cancellationToken);
        return attached ?? await link.AcceptAsync(cancellationToken);
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await reader.ReadAsync() is { IsEmpty: false } message)
            {
                Take(message.Span);
                mayRead.Wait();
            }

            ended.TrySetException(new EndOfStreamException($"The link ended without Ended. {complaints}"));
        }
        catch (Exception e)
        {
            ended.TrySetException(e);
        }
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        MessageType type = (MessageType)message[0];
        lock (gate)
        {
            if (type == MessageType.Frame)
            {
                decoder.Decode(message);
                frames++;
                keyframes += decoder.Header.IsKeyframe ? 1 : 0;
                picture = new GamePicture(decoder.Width, decoder.Height, decoder.Rgba.ToArray(), decoder.Header.FrameNumber,
                    decoder.Header.InputSeq);
                Seen?.Invoke(picture);
                return;
            }

            messages.Add((type, message.ToArray()));
            if (type == MessageType.Console)
            {
                console.Append(SandboxMessages.ReadConsole(message).Text);
            }
        }

        if (type == MessageType.Ended)
        {
            ended.TrySetResult(SandboxMessages.ReadJson(message, MessageType.Ended, ProtocolJson.Default.SessionEnded));
        }
    }

    private async Task<T> WhenAsync<T>(Func<T?> find, string what)
        where T : class
    {
        long until = Environment.TickCount64 + (long)Eventually.Limit.TotalMilliseconds;
        while (true)
        {
            if (find() is { } found)
            {
                return found;
            }

            bool over = ended.Task.IsCompleted;
            if (over && find() is { } late)
            {
                return late;
            }

            if (over || Environment.TickCount64 > until)
            {
                string end = ended.Task.IsCompletedSuccessfully ? ended.Task.Result.ToString() : ended.Task.Exception?.Message
                    ?? "not ended";
                string errors = string.Join('\n', Messages(MessageType.Error).Select(m => Encoding.UTF8.GetString(m)));
                Assert.Fail($"Did not come: {what}. Session: {end}. Errors: {errors}. Console:\n{Console}\n{complaints}");
            }

            await Task.Delay(4);
        }
    }

    /// <summary>Two one-way streams as one.</summary>
    private sealed class DuplexStream(Stream receive, Stream send) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => send.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => send.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => receive.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            receive.ReadAsync(buffer, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => send.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            send.WriteAsync(buffer, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            receive.Dispose();
            send.Dispose();
            base.Dispose(disposing);
        }
    }
}
