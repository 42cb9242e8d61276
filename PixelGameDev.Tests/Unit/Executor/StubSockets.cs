using System.Net.WebSockets;

namespace PixelGameDev.Tests.Unit.Executor;

/// <summary>Accepts everything at once.</summary>
internal sealed class CountingSocket : StubSocket
{
    private int _frames;

    public int Frames => Volatile.Read(ref _frames);

    public override ValueTask SendAsync(
        ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _frames, _frames + (endOfMessage ? 1 : 0));
        return ValueTask.CompletedTask;
    }
}

/// <summary>Accepts nothing, ever.</summary>
internal sealed class SilentSocket : StubSocket
{
    public override ValueTask SendAsync(
        ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        new(Closed.WaitAsync(cancellationToken));
}

internal abstract class StubSocket : WebSocket
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override WebSocketCloseStatus? CloseStatus => null;

    public override string? CloseStatusDescription => null;

    public override WebSocketState State => _closed.Task.IsCompleted ? WebSocketState.Aborted : WebSocketState.Open;

    public override string? SubProtocol => null;

    protected Task Closed => _closed.Task;

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await Closed.WaitAsync(cancellationToken);
        throw new WebSocketException("closed");
    }

    public override void Abort() => _closed.TrySetException(new WebSocketException("cut"));

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription,
        CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
    }

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage,
        CancellationToken cancellationToken) => throw new NotSupportedException();
}
