using PixelGameDev.Streaming.Codec;

namespace PixelGameDev.Benchmarks.Codec;

/// <summary>One row of the codec's table; times in µs, bytes per frame.</summary>
internal sealed record CodecRow(
    string Set, int Width, int Height, int Frames,
    double EncodeP50, double EncodeP95, double EncodeMax, double DecodeP50, double Bytes, double BytesMax, double KeyframeBytes,
    double AllocatedPerFrame);

/// <summary>Runs every frame set once through encoder and decoder, compares each picture, and writes a table.</summary>
internal static class CodecTable
{
    public static IReadOnlyList<CodecRow> Measure(IEnumerable<FrameSet> sets, string? dumpFolder = null)
    {
        List<CodecRow> rows = [];
        Console.WriteLine("| set | size | encode p50 / p95 / max µs | decode p50 µs | bytes/frame | keyframe | allocated/frame |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (FrameSet set in sets)
        {
            CodecRow row = Measure(set, dumpFolder);
            rows.Add(row);
            Console.WriteLine(Format(row));
        }

        return rows;
    }

    public static string Format(CodecRow row) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"| {row.Set} | {row.Width}×{row.Height} | {row.EncodeP50:0} / {row.EncodeP95:0} / {row.EncodeMax:0} | {row.DecodeP50:0} | " +
            $"{row.Bytes:N0} | {row.KeyframeBytes:N0} | {row.AllocatedPerFrame:0} |");

    private static CodecRow Measure(FrameSet set, string? dumpFolder)
    {
        using FrameEncoder encoder = new();
        using FrameDecoder decoder = new();
        using FileStream? dump = dumpFolder is null ? null
            : File.Create(Path.Combine(dumpFolder, $"{set.Name}-{set.Width}x{set.Height}.frames"));
        List<double> encode = new(set.Count);
        List<double> decode = new(set.Count);
        long bytes = 0, max = 0, keyframe = 0, allocated = 0;
        int measured = 0;
        for (int i = 0; i < set.Count; i++)
        {
            ReadOnlySpan<byte> picture = set.Draw(i);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = ThreadClock.Now;
            EncodedFrame frame = encoder.Encode(picture, set.Width, set.Height, set.Width * 4, false, new FrameInfo((uint)i, 0, 0));
            double encodeMicros = ThreadClock.MicrosSince(start);
            long spent = GC.GetAllocatedBytesForCurrentThread() - before;

            double decodeMicros = 0;
            if (!frame.IsEmpty)
            {
                start = ThreadClock.Now;
                decoder.Decode(frame.Message.Span);
                decodeMicros = ThreadClock.MicrosSince(start);
                dump?.Write(BitConverter.GetBytes(frame.Message.Length));
                dump?.Write(frame.Message.Span);
            }

            if ((decoder.Header.Flags & FrameHeader.LossyFlag) == 0)
            {
                Check(picture, decoder.Rgba, set.Name, i);
            }

            if (i == 0)
            {
                keyframe = frame.Message.Length;
            }

            // The first frames include the just-in-time compiler and the allocation of buffers.
            if (i >= 10)
            {
                measured++;
                encode.Add(encodeMicros);
                decode.Add(decodeMicros);
                bytes += frame.Message.Length;
                max = Math.Max(max, frame.Message.Length);
                allocated += spent;
            }
        }

        encode.Sort();
        decode.Sort();
        return new CodecRow(
            set.Name, set.Width, set.Height, measured,
            At(encode, 0.5), At(encode, 0.95), encode[^1], At(decode, 0.5),
            (double)bytes / measured, max, keyframe, (double)allocated / measured);
    }

    private static double At(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];

    private static void Check(ReadOnlySpan<byte> bgrx, ReadOnlySpan<byte> rgba, string set, int frame)
    {
        for (int i = 0; i < bgrx.Length; i += 4)
        {
            if (bgrx[i] != rgba[i + 2] || bgrx[i + 1] != rgba[i + 1] || bgrx[i + 2] != rgba[i])
            {
                throw new InvalidDataException($"{set}: frame {frame} differs at pixel {i / 4}.");
            }
        }
    }
}
