using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>Joins neighbouring pieces of console text: a program that prints letter by letter must not take an object for each.</summary>
internal static class ConsoleText
{
    /// <summary>Pieces are joined up to this length, bytes.</summary>
    private const int BlockBytes = 4096;

    /// <summary>
    /// Appends <paramref name="next"/> to <paramref name="last"/>, which the caller holds and which may become another message. False,
    /// and nothing done, when they are of different streams or together too long.
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

    /// <summary>Returns a console message that says that some output is missing.</summary>
    public static PooledMessage CreateGapNote() => PooledMessage.Create(
        SandboxMessages.Console(ConsoleKind.System, "… some output was left out, because the connection is slow …\n"));
}
