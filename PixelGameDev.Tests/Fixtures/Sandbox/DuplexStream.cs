using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Streaming.Codec;

namespace PixelGameDev.Tests.Fixtures.Sandbox;

/// <summary>Joins two one-way streams to one.</summary>
internal sealed class DuplexStream(Stream receive, Stream send) : Stream
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
