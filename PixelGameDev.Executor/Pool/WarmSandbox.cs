using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Pool;

/// <summary>Represents a sandbox whose GameHost has sent Hello and waits for a project: Python runs, and pygame is imported.</summary>
internal sealed class WarmSandbox(ISandbox sandbox, SandboxLink link) : IAsyncDisposable
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ISandbox Sandbox => sandbox;

    /// <summary>Completes when the sandbox has been removed.</summary>
    public Task Disposed => _disposed.Task;

    public SandboxLink Link => link;

    /// <summary>Starts a sandbox and waits until it is warm.</summary>
    /// <exception cref="SandboxUnavailableException">The sandbox cannot be started; the message gives the reason.</exception>
    public static async Task<WarmSandbox> StartAsync(
        ISandboxFactory factory, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        ISandbox sandbox = await factory.StartAsync(cancellationToken);
        SandboxLink link = new(sandbox.Link, time);
        using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(limit);
        try
        {
            await link.HandshakeAsync(timer.Token);
            return new WarmSandbox(sandbox, link);
        }
        catch (Exception error)
        {
            string? end = error is EndOfStreamException
                ? (await sandbox.WaitForExitAsync(TimeSpan.FromSeconds(2), cancellationToken))?.Detail
                : null;
            await link.DisposeAsync();
            await sandbox.DisposeAsync();
            if (cancellationToken.IsCancellationRequested
                || error is not (EndOfStreamException or ProtocolException or OperationCanceledException or IOException))
            {
                throw;
            }

            throw new SandboxUnavailableException(
                error is OperationCanceledException
                    ? $"GameHost did not get ready within {limit.TotalSeconds:0} s"
                    : "GameHost did not get ready: " + error.Message + (end is null ? "" : $" ({end})"),
                error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await link.DisposeAsync();
            await sandbox.DisposeAsync();
        }
        finally
        {
            _disposed.TrySetResult();
        }
    }
}
