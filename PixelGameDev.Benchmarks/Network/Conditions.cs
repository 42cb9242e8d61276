namespace PixelGameDev.Benchmarks.Network;

/// <summary>The qualities of an emulated network.</summary>
/// <param name="Name">The name in the results.</param>
/// <param name="RoundTrip">Ms from one end to the other and back, for a small packet on an empty network.</param>
/// <param name="Jitter">Largest additional delay of a packet in one direction, ms. Packets keep their order.</param>
/// <param name="Loss">Share of the packets of each direction that are lost, 0 … 1.</param>
/// <param name="BitsPerSecond">Bandwidth of each direction; 0 is unlimited.</param>
internal sealed record Conditions(string Name, double RoundTrip, double Jitter = 0, double Loss = 0, double BitsPerSecond = 0)
{
    /// <summary>The networks of the benchmark, from the best to the worst.</summary>
    public static readonly IReadOnlyList<Conditions> All =
    [
        new("this machine", 0),
        new("20 ms", 20, Jitter: 2),
        new("60 ms", 60, Jitter: 5),
        new("100 ms", 100, Jitter: 10),
        new("60 ms, 1 % lost", 60, Jitter: 5, Loss: 0.01),
        new("60 ms, 2 % lost", 60, Jitter: 5, Loss: 0.02),
        new("40 ms, 8 Mbit/s", 40, Jitter: 5, BitsPerSecond: 8e6),
        new("150 ms, 1.6 Mbit/s", 150, Jitter: 10, BitsPerSecond: 1.6e6),
    ];
}
