using System.ComponentModel;
using System.Diagnostics;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Subprocess;

/// <summary>
/// Runs GameHost as a process on this machine, for development only: with bubblewrap if it works, otherwise only with resource limits. With
/// <c>FORCE_DOCKER_EXECUTION</c> it is not available.
/// </summary>
internal sealed partial class SubprocessSandboxFactory : ISandboxFactory
{
    private readonly ExecutorOptions _options;
    private readonly LinkRoot _linkRoot;
    private readonly ILogger _logger;
    private readonly ProcessSpawner _spawner = new();
    private readonly SubprocessCommand? _command;
    private readonly SandboxUsers _users = new();

    private SubprocessSandboxFactory(
        ExecutorOptions options, LinkRoot linkRoot, ILogger logger, string kind, SubprocessCommand? command, string? unavailable)
    {
        if (options.ForceDocker)
        {
            throw new InvalidOperationException(SandboxKindSelector.DockerRequired);
        }

        _options = options;
        _linkRoot = linkRoot;
        _logger = logger;
        _command = command;
        Kind = kind;
        UnavailableReason = unavailable;
    }

    public string Kind { get; }

    public string? UnavailableReason { get; }

    /// <summary>Searches for GameHost, Python and bubblewrap. If one is missing, sandboxes are unavailable, with the reason.</summary>
    /// <exception cref="SettingsException">A setting requires bubblewrap, but it does not work.</exception>
    public static async Task<SubprocessSandboxFactory> CreateAsync(
        ExecutorOptions options, IServiceProvider services, CancellationToken cancellationToken)
    {
        LinkRoot linkRoot = services.GetRequiredService<LinkRoot>();
        ILogger logger = services.GetRequiredService<ILogger<SubprocessSandboxFactory>>();
        bool bubblewrap = options.SandboxKind != SandboxKinds.Subprocess && await BubblewrapWorksAsync(cancellationToken);
        if (options.SandboxKind == SandboxKinds.Bubblewrap && !bubblewrap)
        {
            throw new SettingsException(
                "SANDBOX_KIND=bubblewrap, but bwrap does not work here (not installed, or the kernel allows no namespaces).");
        }

        string kind = bubblewrap ? SandboxKinds.Bubblewrap : SandboxKinds.Subprocess;
        GameHostFiles files = GameHostFiles.Find(options);
        if (files.GameHost is null || files.Runtime is null)
        {
            return Unable(
                "gamehost is not published; run ./pixel run (or dotnet publish PixelGameDev.GameHost -c Release -r linux-x64 -o " +
                "artifacts/gamehost)");
        }

        if (await PythonInstallation.FindAsync(options.PythonPath, cancellationToken) is not { } python)
        {
            return Unable("no Python here can import pygame; install it (apt-get install python3-pygame) or name one in PYTHON_PATH");
        }

        (string gameHost, string runtime) = GameHostCopy.Create(files.GameHost, files.Runtime, linkRoot.Path);
        return new SubprocessSandboxFactory(options, linkRoot, logger, kind,
            new SubprocessCommand(options.Policy, gameHost, runtime, python), null);

        SubprocessSandboxFactory Unable(string reason) => new(options, linkRoot, logger, kind, null, reason);
    }

    public async Task<ISandbox> StartAsync(CancellationToken cancellationToken)
    {
        SubprocessCommand command = _command ?? throw new SandboxUnavailableException(UnavailableReason ?? "no sandbox");
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Policy.StartTime);

        LinkDirectory directory = LinkDirectory.Create(_linkRoot.Path);
        int? user = Posix.IsRoot ? _users.Take() : null;
        string? work = null;
        Process? process = null;
        try
        {
            List<string> line;
            if (Kind == SandboxKinds.Bubblewrap)
            {
                line = command.Bubblewrap(directory.Path, user);
            }
            else
            {
                work = MakeWork(user);
                line = command.Plain(directory.Path, work, user);
            }

            process = await _spawner.StartAsync(StartInfo(line, work));
            Task<Stream> accepting = directory.AcceptAsync(limit.Token);
            string said = await WatchAsync(process, accepting, limit.Token);
            if (!accepting.IsCompletedSuccessfully)
            {
                limit.Token.ThrowIfCancellationRequested();
                throw new SandboxUnavailableException($"GameHost ended with code {process.ExitCode} before it joined the link: {said}");
            }

            return new SubprocessSandbox(Kind, process, await accepting, directory, work, user, _users.Return);
        }
        catch (Exception error)
        {
            if (process is not null)
            {
                await SubprocessSandbox.EndAsync(process, user);
                process.Dispose();
            }

            directory.Dispose();
            if (work is not null)
            {
                SubprocessSandbox.DeleteTree(work);
            }

            if (user is { } number)
            {
                _users.Return(number);
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (error is SandboxUnavailableException)
            {
                throw;
            }

            throw new SandboxUnavailableException(
                error is OperationCanceledException
                    ? $"a sandbox did not start within {_options.Policy.StartTime.TotalSeconds:0} s"
                    : "a sandbox could not be started: " + error.Message,
                error);
        }
    }

    public ValueTask DisposeAsync()
    {
        _spawner.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ProcessStartInfo StartInfo(List<string> line, string? work)
    {
        ProcessStartInfo start = new(line[0], line.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = work ?? "/",
        };
        // The process gets no variables of the Executor: neither secrets nor settings.
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        foreach (string variable in SandboxPolicy.Environment)
        {
            string[] parts = variable.Split('=', 2);
            start.Environment[parts[0]] = work is not null && parts[0] is "HOME" or "TMPDIR" ? work : parts[1];
        }

        return start;
    }

    /// <summary>Waits for the link or the end. Returns GameHost's last output, which is drained while it runs.</summary>
    private async Task<string> WatchAsync(Process process, Task accepting, CancellationToken cancellationToken)
    {
        process.StandardInput.Close();
        string last = "";
        Task drained = Task.WhenAll(
            DrainAsync(process.StandardError, text => last = text),
            DrainAsync(process.StandardOutput, text => last = text));
        Task ending = process.WaitForExitAsync(cancellationToken);
        await Task.WhenAny(accepting, ending);
        if (!accepting.IsCompletedSuccessfully)
        {
            await Task.WhenAny(drained, Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None));
        }

        return last;
    }

    private async Task DrainAsync(StreamReader reader, Action<string> said)
    {
        // Read blocks of limited size, not lines: a hostile program could write an endless line.
        const int longest = 500;
        char[] block = new char[4096];
        try
        {
            while (await reader.ReadAsync(block) is > 0 and int count)
            {
                string text = new string(block, 0, count).Trim();
                if (text.Length > 0)
                {
                    said(text.Length > longest ? text[^longest..] : text);
                    Log.Said(_logger, text);
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The process has ended.
        }
    }

    private string MakeWork(int? user)
    {
        string path = Path.Combine(_linkRoot.Path, "work-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (user is { } number)
        {
            Posix.ChangeOwner(path, number);
        }

        return path;
    }

    private static async Task<bool> BubblewrapWorksAsync(CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(
            "bwrap",
            ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--ro-bind", "/", "/", "--proc", "/proc", "--size", "65536", "--tmpfs",
                "/tmp", "/bin/true"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            await process.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
            return process.ExitCode == 0;
        }
        catch (Exception error) when (error is Win32Exception or TimeoutException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "GameHost says: {Text}")]
        public static partial void Said(ILogger logger, string text);
    }
}
