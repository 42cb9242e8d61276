using System.Buffers;

namespace PixelGameDev.Api.Accounts;

/// <summary>
/// Collects what a writer of zips writes, until it is sent. The framework's writer ends each file with a write that waits, and a response
/// takes only writes that do not.
/// </summary>
internal sealed class SendBuffer(Stream output) : Stream
{
    private readonly ArrayBufferWriter<byte> _waiting = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Sends what has been written, and waits until the client takes it.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        await output.WriteAsync(_waiting.WrittenMemory, cancellationToken);
        _waiting.ResetWrittenCount();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => _waiting.Write(buffer);

    public override void Flush()
    {
        // SendAsync does it.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
