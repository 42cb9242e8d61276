using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Docker;

/// <summary>Starts containers of the game image with the parameters of <see cref="DockerPolicy"/>.</summary>
/// <remarks>
/// Step 1: create a link directory with a listening socket (or attach a client to the standard streams). Step 2: create and start the
/// container. Step 3: wait for the only connection, and watch that the container runs. Step 4: close and unlink the socket. If a step
/// fails, the results of all previous steps are removed.
/// </remarks>
internal sealed partial class DockerSandboxFactory(
    ExecutorOptions options,
    DockerConnection docker,
    GameImage image,
    LinkRoot linkRoot,
    SandboxLabels labels,
    SandboxRegistry registry,
    ILogger<DockerSandboxFactory> logger) : ISandboxFactory
{
    private static readonly TimeSpan CreateTimeout = TimeSpan.FromSeconds(60);

    private volatile bool _socketFails = options.Link == LinkMode.Stdio || (options.Link == LinkMode.Auto && !docker.IsLocal);

    public string Kind => SandboxKinds.Docker;

    /// <summary>Gets the kind of link of the next sandbox.</summary>
    public LinkMode Link => _socketFails ? LinkMode.Stdio : LinkMode.Socket;

    public int MachineProcessors => docker.Processors;

    public long? MemoryTotal => docker.MemoryTotal;

    public string? UnavailableReason => docker.UnavailableReason ?? image.UnavailableReason;

    public async Task<ISandbox> StartAsync(CancellationToken cancellationToken)
    {
        if (UnavailableReason is { } reason)
        {
            throw new SandboxUnavailableException(reason);
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Policy.StartTime);
        try
        {
            if (_socketFails)
            {
                return await StartWithStreamsAsync(limit.Token);
            }

            try
            {
                return await StartWithSocketAsync(limit.Token);
            }
            catch (LinkUnreachableException unreachable) when (options.Link == LinkMode.Auto)
            {
                ISandbox sandbox = await StartWithStreamsAsync(limit.Token);
                // The streams work but the socket does not, so the path to the directory is the cause, not the image.
                _socketFails = true;
                Log.SocketFails(logger, linkRoot.Path, unreachable.Message);
                return sandbox;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SandboxUnavailableException($"a sandbox did not start within {options.Policy.StartTime.TotalSeconds:0} s");
        }
        catch (LinkUnreachableException unreachable)
        {
            throw new SandboxUnavailableException(unreachable.Message, unreachable);
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException or TimeoutException)
        {
            throw new SandboxUnavailableException("Docker did not start a sandbox: " + error.Message.ReplaceLineEndings(" "), error);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<ISandbox> StartWithSocketAsync(CancellationToken cancellationToken)
    {
        LinkDirectory directory = LinkDirectory.Create(linkRoot.Path);
        string? id = null;
        try
        {
            id = await CreateAsync(directory.Path, cancellationToken);
            Task<Stream> accepting = directory.AcceptAsync(cancellationToken);
            try
            {
                await docker.Client.Containers.StartContainerAsync(id, new ContainerStartParameters(), cancellationToken);
            }
            catch (DockerApiException refused) when (refused.Message.Contains("bind source path", StringComparison.Ordinal))
            {
                throw new LinkUnreachableException("the daemon does not see the link directory", refused);
            }

            using CancellationTokenSource watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task<ContainerWaitResponse> ending = docker.Client.Containers.WaitContainerAsync(id, watching.Token);
            Task first = await Task.WhenAny(accepting, ending);
            await watching.CancelAsync();
            _ = ending.ContinueWith(static task =>
                task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (first == ending && !accepting.IsCompletedSuccessfully)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _ = accepting.ContinueWith(static task =>
                    task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                ContainerInspectResponse container = await docker.Client.Containers.InspectContainerAsync(id, cancellationToken);
                throw new LinkUnreachableException($"GameHost ended with code {container.State?.ExitCode} before it joined the link", null);
            }

            return new DockerSandbox(docker, id, await accepting, directory, registry, logger);
        }
        catch (DockerApiException refused) when (id is null && refused.Message.Contains("bind source path", StringComparison.Ordinal))
        {
            directory.Dispose();
            throw new LinkUnreachableException("the daemon does not see the link directory", refused);
        }
        catch
        {
            directory.Dispose();
            await RemoveAsync(id);
            throw;
        }
    }

    private async Task<ISandbox> StartWithStreamsAsync(CancellationToken cancellationToken)
    {
        string? id = null;
        MultiplexedStream? attached = null;
        try
        {
            id = await CreateAsync(linkDirectory: null, cancellationToken);
            attached = await docker.Client.Containers.AttachContainerAsync(
                id, new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = false }, cancellationToken);
            await docker.Client.Containers.StartContainerAsync(id, new ContainerStartParameters(), cancellationToken);
            return new DockerSandbox(docker, id, new StdioLinkStream(attached), directory: null, registry, logger);
        }
        catch
        {
            attached?.Dispose();
            await RemoveAsync(id);
            throw;
        }
    }

    private async Task<string> CreateAsync(string? linkDirectory, CancellationToken cancellationToken)
    {
        CreateContainerParameters parameters =
            DockerPolicy.Container(options.Policy, image.Name, labels.New(), linkDirectory, docker.RootDirectory);
        cancellationToken.ThrowIfCancellationRequested();
        // Do not cancel here: a container whose id is unknown would have to be searched for.
        using CancellationTokenSource limit = new(CreateTimeout);
        CreateContainerResponse created = await docker.Client.Containers.CreateContainerAsync(parameters, limit.Token);
        registry.Add(created.ID);
        return created.ID;
    }

    private async Task RemoveAsync(string? id)
    {
        if (id is not null)
        {
            await DockerSandbox.RemoveAsync(docker, id, logger);
            registry.Remove(id);
        }
    }

    private sealed class LinkUnreachableException(string message, Exception? inner) : Exception(message, inner);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "Sandboxes cannot reach sockets in {Directory} ({Reason}); their standard streams are used, which costs some latency")]
        public static partial void SocketFails(ILogger logger, string directory, string reason);
    }
}
