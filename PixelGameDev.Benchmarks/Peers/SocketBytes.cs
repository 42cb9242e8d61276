using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PixelGameDev.Benchmarks.Peers;

/// <summary>
/// Counts bytes received over TCP from a port of this machine. The kernel counts them at the receiving end, the same way for all.
/// </summary>
internal static partial class SocketBytes
{
    /// <summary>Returns the bytes so far, by connection.</summary>
    public static Dictionary<string, long> ReceivedFrom(int port)
    {
        using Process process = Process.Start(new ProcessStartInfo(
            "ss", ["-tinHO", "state", "established",
                string.Create(CultureInfo.InvariantCulture, $"dport = :{port}")])
        { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Dictionary<string, long> received = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // "0 0 127.0.0.1:43210 127.0.0.1:5000 cubic wscale:7,7 … bytes_acked:812 bytes_received:9210423 segs_out:…"
            string local = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
            received[local] = Received().Match(line) is { Success: true } match
                ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        }

        return received;
    }

    /// <summary>Returns the bytes between two readings. Connections that have closed meanwhile do not count.</summary>
    public static long Between(Dictionary<string, long> before, Dictionary<string, long> after) =>
        after.Sum(c => c.Value - before.GetValueOrDefault(c.Key));

    [GeneratedRegex(@"bytes_received:(\d+)")]
    private static partial Regex Received();
}
