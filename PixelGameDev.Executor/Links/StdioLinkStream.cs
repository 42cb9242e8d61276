using Docker.DotNet;

namespace PixelGameDev.Executor.Links;

/// <summary>Uses the standard streams of a container as a link: reads its standard output and writes to its standard input.</summary>
internal sealed class StdioLinkStream(MultiplexedStream attached) : Stream
{
    // The client's stream accepts only arrays. Except for frames, a link reads and writes far less than this at a time.
    private readonly byte[] _read = new byte[64 * 1024];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            MultiplexedStream.ReadResult result =
                await attached.ReadOutputAsync(_read, 0, Math.Min(_read.Length, buffer.Length), cancellationToken);
            if (result.EOF)
            {
                return 0;
            }

            if (result.Target == MultiplexedStream.TargetStream.StandardOut && result.Count > 0)
            {
                _read.AsMemory(0, result.Count).CopyTo(buffer);
                return result.Count;
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        byte[] array = buffer.ToArray();
        await attached.WriteAsync(array, 0, array.Length, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        attached.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            attached.Dispose();
        }

        base.Dispose(disposing);
    }
}
