using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace PixelGameDev.Api.Security;

/// <summary>Ends an answer that its client takes too slowly while others wait for its place.</summary>
internal sealed class AnswerPace
{
    /// <summary>The number of bytes that are sent between two checks.</summary>
    public const int Piece = 64 * 1024;

    // The server ends an answer that nearly nobody reads, also when nobody waits.
    private static readonly MinDataRate MinRate = new(bytesPerSecond: 2_000, gracePeriod: TimeSpan.FromSeconds(15));

    // Bytes per second since the answer began.
    private const int RateWhenOthersWait = 16_000;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private readonly Func<bool> _othersWait;
    private readonly TimeProvider _time;
    private readonly long _began;

    public AnswerPace(HttpContext context, Func<bool> othersWait, TimeProvider time)
    {
        (_othersWait, _time, _began) = (othersWait, time, time.GetTimestamp());
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = MinRate;
        }
    }

    /// <summary>Checks the pace after so many bytes.</summary>
    /// <exception cref="OperationCanceledException">The answer is too slow, and others wait.</exception>
    public void Check(long bytes)
    {
        TimeSpan lasted = _time.GetElapsedTime(_began);
        if (lasted > Grace && bytes < RateWhenOthersWait * lasted.TotalSeconds && _othersWait())
        {
            throw new OperationCanceledException("The client takes the answer too slowly, and others wait.");
        }
    }
}

/// <summary>Reads bytes for an answer. Before each piece it checks how fast the client took the last one.</summary>
internal sealed class PacedContent(byte[] content, AnswerPace pace) : MemoryStream(content, writable: false)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        pace.Check(Position);
        return base.ReadAsync(buffer[..Math.Min(buffer.Length, AnswerPace.Piece)], cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}

/// <summary>Sends what is written in pieces, and checks the pace after each.</summary>
internal sealed class PacedOutput(Stream output, AnswerPace pace) : Stream
{
    private long _sent;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (int at = 0; at < buffer.Length; at += AnswerPace.Piece)
        {
            ReadOnlyMemory<byte> piece = buffer[at..Math.Min(buffer.Length, at + AnswerPace.Piece)];
            await output.WriteAsync(piece, cancellationToken);
            _sent += piece.Length;
            pace.Check(_sent);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
