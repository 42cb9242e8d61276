using BenchmarkDotNet.Attributes;
using PixelGameDev.Streaming.Codec;

namespace PixelGameDev.Benchmarks.Codec;

/// <summary>Measures encoding and decoding of sixty consecutive frames at 800×600. Figures are per frame.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private const int Frames = 60;

    private readonly FrameEncoder _encoder = new();
    private readonly FrameDecoder _decoder = new();
    private byte[][] _pictures = [];
    private byte[][] _messages = [];

    [Params("still", "flat", "sprites", "scrolling", "noise")]
    public string Set { get; set; } = "flat";

    [GlobalSetup]
    public void Setup()
    {
        FrameSet set = FrameSets.Of(800, 600).Single(s => s.Name == Set);
        _pictures = [.. Enumerable.Range(0, Frames).Select(i => set.Draw(i).ToArray())];
        _messages = [.. _pictures.Select((picture, i) => _encoder.Encode(picture, 800, 600, 3200, i == 0, default).Message.ToArray())];
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public int Encode()
    {
        int bytes = 0;
        for (int i = 0; i < Frames; i++)
        {
            bytes += _encoder.Encode(_pictures[i], 800, 600, 3200, i == 0, default).Message.Length;
        }

        return bytes;
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public int Decode()
    {
        foreach (byte[] message in _messages)
        {
            if (message.Length > 0)
            {
                _decoder.Decode(message);
            }
        }

        return _decoder.Width;
    }
}
