using BenchmarkDotNet.Attributes;
using PixelGameDev.Streaming.Codec;

namespace PixelGameDev.Benchmarks.Codec;

/// <summary>Encoding and decoding of sixty consecutive frames at 800×600; figures are per frame.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private const int Frames = 60;

    private readonly FrameEncoder encoder = new();
    private readonly FrameDecoder decoder = new();
    private byte[][] pictures = [];
    private byte[][] messages = [];

    [Params("still", "flat", "sprites", "scrolling", "noise")]
    public string Set { get; set; } = "flat";

    [GlobalSetup]
    public void Setup()
    {
        FrameSet set = FrameSets.Of(800, 600).Single(s => s.Name == Set);
        pictures = [.. Enumerable.Range(0, Frames).Select(i => set.Draw(i).ToArray())];
        messages = [.. pictures.Select((picture, i) => encoder.Encode(picture, 800, 600, 3200, i == 0, default).Message.ToArray())];
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public int Encode()
    {
        int bytes = 0;
        for (int i = 0; i < Frames; i++)
        {
            bytes += encoder.Encode(pictures[i], 800, 600, 3200, i == 0, default).Message.Length;
        }

        return bytes;
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public int Decode()
    {
        foreach (byte[] message in messages)
        {
            if (message.Length > 0)
            {
                decoder.Decode(message);
            }
        }

        return decoder.Width;
    }
}
