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
/// Plays the Executor's side of a link: it starts GameHost in a sandbox, accepts its one connection, decodes its frames and keeps its
/// messages.
/// </summary>
internal sealed partial class LinkHost : IAsyncDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly Lock _gate = new();
    private readonly FrameDecoder _decoder = new();
    private readonly List<(MessageType Type, byte[] Message)> _messages = [];
    private readonly StringBuilder _console = new();
    private readonly TaskCompletionSource<SessionEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _complaints = new();
    private readonly ManualResetEventSlim _mayRead = new(true);
    private Process? _process;
    private string? _container;
    private LinkDirectory _link = null!;
    private Stream _stream = null!;
    private LinkReader _reader = null!;
    private LinkWriter _writer = null!;
    private Task _reading = Task.CompletedTask;
    private GamePicture? _picture;
    private uint _seq;
    private int _frames;
    private int _keyframes;

    private LinkHost()
    {
    }

    /// <summary>Called with every picture, in order, on the task of the link.</summary>
    public event Action<GamePicture>? Seen;

    /// <summary>The Hello of GameHost.</summary>
    public HelloInfo Hello { get; private set; } = null!;

    /// <summary>The game's working directory on this machine, if the sandbox is a process.</summary>
    public string Work => _directory.Sub("work");

    /// <summary>The process id of GameHost, if the sandbox is a process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>The id of the container, if there is one.</summary>
    public string Container => _container!;

    /// <summary>Returns the last picture; null before the first.</summary>
    public GamePicture? Picture
    {
        get
        {
            lock (_gate)
            {
                return _picture;
            }
        }
    }

    public int Frames => Volatile.Read(ref _frames);

    public int Keyframes => Volatile.Read(ref _keyframes);

    /// <summary>Returns everything printed so far: standard output, error and notes in the order they came.</summary>
    public string Console
    {
        get
        {
            lock (_gate)
            {
                return _console.ToString();
            }
        }
    }

    /// <summary>Completes with the end of the session.</summary>
    public Task<SessionEnded> Ended => _ended.Task;

    private static IContainerOperations Containers => TestGameImage.Docker.Client.Containers;

    /// <summary>Starts a sandbox and waits until it is warm.</summary>
    /// <param name="kind">The kind of sandbox.</param>
    /// <param name="python">Another interpreter for a process sandbox.</param>
    /// <param name="stdio">Uses standard input and output as the link instead of the socket.</param>
    /// <param name="hello">Whether GameHost must become warm.</param>
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

    /// <summary>Starts a sandbox and runs a game of one file in it, with one viewer at 60 frames a second.</summary>
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

    /// <summary>Sends a message. After the end of the game it is lost, as in the Executor.</summary>
    /// <exception cref="EndOfStreamException">The sandbox closed the link without saying how the game ended.</exception>
    public async Task SendAsync(byte[] message)
    {
        try
        {
            await _writer.WriteAsync(message);
        }
        catch (IOException)
        {
            // A sandbox closes its link right after Ended, which may not have been read yet.
            await Ended.WaitAsync(Eventually.Limit);
        }
    }

    public Task ViewersAsync(ushort count, byte maxFps) => SendAsync(ExecutorMessages.Viewers(count, maxFps));

    public Task StopAsync(uint graceMillis = 2000) => SendAsync(ExecutorMessages.Stop(graceMillis));

    /// <summary>Cuts the link, as a dying Executor does.</summary>
    public void CutLink() => _stream.Dispose();

    /// <summary>Stops reading the link until <see cref="Resume"/>.</summary>
    public void Pause() => _mayRead.Reset();

    public void Resume() => _mayRead.Set();

    public async ValueTask DisposeAsync()
    {
        _mayRead.Set();
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }

        if (_container is not null)
        {
            await Containers.RemoveContainerAsync(_container, new ContainerRemoveParameters { Force = true });
        }

        if (_process is not null)
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }

            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        await _reading;
        _link?.Dispose();
        _reader?.Dispose();
        _decoder.Dispose();
        _directory.Dispose();
    }

    private async Task OpenAsync(SandboxKind kind, string python, bool stdio)
    {
        using CancellationTokenSource limit = new(Eventually.Limit);
        Directory.CreateDirectory(Work);
        _link = LinkDirectory.Create(_directory.Path);
        if (kind == SandboxKind.Process)
        {
            _stream = await OpenProcessAsync(python, stdio, limit.Token);
        }
        else
        {
            _stream = await OpenContainerAsync(stdio, limit.Token);
        }

        _reader = new LinkReader(_stream, MessageRoute.SandboxToPage | MessageRoute.SandboxToExecutor);
        _writer = new LinkWriter(_stream);
        _reading = Task.Run(ReadAsync);
    }

    private async Task<Stream> OpenProcessAsync(string python, bool stdio, CancellationToken cancellationToken)
    {
        _process = Process.Start(new ProcessStartInfo(
            GameHostBinary.Path,
            ["--link", stdio ? "stdio" : _link.SocketPath, "--runtime", GameHostBinary.Runtime, "--work", Work, "--python", python])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = stdio,
            RedirectStandardInput = stdio,
        })!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_complaints)
            {
                _complaints.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
        if (stdio)
        {
            return new DuplexStream(_process.StandardOutput.BaseStream, _process.StandardInput.BaseStream);
        }

        Task<Stream> accepting = _link.AcceptAsync(cancellationToken);
        return await Task.WhenAny(accepting, _process.WaitForExitAsync(cancellationToken)) == accepting
            ? await accepting
            : throw new InvalidOperationException($"GameHost did not connect: {_complaints}");
    }

    /// <summary>Starts a container with exactly the parameters that the Executor uses.</summary>
    private async Task<Stream> OpenContainerAsync(bool stdio, CancellationToken cancellationToken)
    {
        CreateContainerParameters parameters = DockerPolicy.Container(
            TestGameImage.Options.Policy,
            await TestGameImage.EnsureAsync(),
            new Dictionary<string, string> { ["pixelgamedev.test"] = "1" },
            stdio ? null : _link.Path);
        _container = (await Containers.CreateContainerAsync(parameters, cancellationToken)).ID;
        Stream? attached = stdio
            ? new StdioLinkStream(await Containers.AttachContainerAsync(
                _container, new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true }, cancellationToken))
            : null;
        await Containers.StartContainerAsync(_container, new ContainerStartParameters(), cancellationToken);
        return attached ?? await _link.AcceptAsync(cancellationToken);
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _reader.ReadAsync() is { IsEmpty: false } message)
            {
                Take(message.Span);
                _mayRead.Wait();
            }

            _ended.TrySetException(new EndOfStreamException($"The link ended without Ended. {_complaints}"));
        }
        catch (Exception e)
        {
            _ended.TrySetException(e);
        }
        finally
        {
            // A test that does not ask for the end leaves no unobserved error.
            _ = _ended.Task.Exception;
        }
    }
}
