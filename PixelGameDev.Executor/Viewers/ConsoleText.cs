using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Joins adjacent pieces of console text, so that a program that prints single letters does not use an object for each of them.
/// </summary>
internal static class ConsoleText
{
    /// <summary>The maximum length of joined pieces in bytes.</summary>
    private const int BlockBytes = 4096;

    /// <summary>
    /// Appends <paramref name="next"/> to <paramref name="last"/>, which the caller holds and which may become another message. Does
    /// nothing and returns false when their streams differ or they are too long together.
    /// </summary>
    public static bool TryJoin(ref PooledMessage last, PooledMessage next)
    {
        ReadOnlySpan<byte> text = next.Payload[1..];
        if (last.Payload[0] != next.Payload[0] || last.Length + text.Length > BlockBytes)
        {
            return false;
        }

        if (!last.TryAppend(text))
        {
            PooledMessage block = PooledMessage.Begin(last, BlockBytes);
            block.TryAppend(text);
            last.Release();
            last = block;
        }

        return true;
    }

    /// <summary>Creates a console message about missing output.</summary>
    public static PooledMessage CreateGapNote() => PooledMessage.Create(
        SandboxMessages.Console(ConsoleKind.System, "… some output was left out, because the connection is slow …\n"));
}
