using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Pool;

/// <summary>A sandbox whose GameHost has said Hello and waits for a project: pygame is imported, the window is open.</summary>
internal sealed class WarmSandbox(ISandbox sandbox, SandboxLink link) : IAsyncDisposable
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ISandbox Sandbox => sandbox;

    /// <summary>Completes when it is gone.</summary>
    public Task Disposed => _disposed.Task;

    public SandboxLink Link => link;

    /// <summary>Starts one and waits until it is warm.</summary>
    /// <exception cref="SandboxUnavailableException">It is not to be had.</exception>
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
                || error is not (EndOfStreamException or ProtocolViolationException or OperationCanceledException or IOException))
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
