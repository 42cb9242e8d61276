using System.Collections.Concurrent;
using System.Diagnostics;

namespace PixelGameDev.Benchmarks.Network;

/// <summary>Carries the IP packets of one direction from one TUN device to another: late, in order, and not all of them.</summary>
internal sealed class PacketLane : IDisposable
{
    private const int LargestPacket = 65_536;

    /// <summary>The longest queue before a narrow network, in seconds of its bandwidth. A packet beyond it is lost.</summary>
    private const double QueueSeconds = 0.2;

    private readonly FileStream _from;
    private readonly FileStream _to;
    private readonly Random _random;
    private readonly BlockingCollection<(byte[] Packet, long Due)> _queue = [];
    private long _bytes;
    private long _free;
    private long _lastDue;

    /// <param name="from">The device that the packets come from.</param>
    /// <param name="to">The device that the packets go to.</param>
    /// <param name="seed">Which packets are lost.</param>
    public PacketLane(FileStream from, FileStream to, int seed)
    {
        (_from, _to, _random) = (from, to, new Random(seed));
        new Thread(Read) { IsBackground = true, Name = "packets in" }.Start();
        new Thread(Write) { IsBackground = true, Name = "packets out", Priority = ThreadPriority.AboveNormal }.Start();
    }

    public Conditions Conditions { get; set; } = Conditions.All[0];

    /// <summary>Whether every packet is lost.</summary>
    public bool IsCut { get; set; }

    /// <summary>The bytes that have arrived, with their headers.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public void Dispose() => _queue.CompleteAdding();

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private void Read()
    {
        byte[] buffer = new byte[LargestPacket];
        try
        {
            while (_from.Read(buffer) is > 0 and int count)
            {
                Conditions now = Conditions;
                if (!IsCut && _random.NextDouble() >= now.Loss && DueTime(now, count) is { } due)
                {
                    _queue.Add((buffer[..count], due));
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The device is gone.
        }
    }

    /// <summary>Returns when a packet arrives, or null when the queue before the network is full.</summary>
    private long? DueTime(Conditions now, int bytes)
    {
        long at = Stopwatch.GetTimestamp();
        long begin = Math.Max(at, _free);
        if (now.BitsPerSecond > 0)
        {
            if (begin - at > Ticks(QueueSeconds))
            {
                return null;
            }

            begin += Ticks(bytes * 8 / now.BitsPerSecond);
            _free = begin;
        }

        double delay = (now.RoundTrip / 2) + (now.Jitter * _random.NextDouble());
        _lastDue = Math.Max(_lastDue, begin + Ticks(delay / 1000));
        return _lastDue;
    }

    private void Write()
    {
        try
        {
            foreach ((byte[] packet, long due) in _queue.GetConsumingEnumerable())
            {
                for (long left; (left = due - Stopwatch.GetTimestamp()) > 0;)
                {
                    Thread.Sleep(TimeSpan.FromSeconds((double)left / Stopwatch.Frequency));
                }

                Interlocked.Add(ref _bytes, packet.Length);
                _to.Write(packet);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The device is gone.
        }
    }
}
