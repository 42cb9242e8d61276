using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PixelGameDev.Benchmarks.Peers;

/// <summary>Bytes that came over TCP from a port of this machine, as the kernel counts them at the receiving end: for every way the same.</summary>
internal static partial class SocketBytes
{
    public static long ReceivedFrom(int port)
    {
        using Process process = Process.Start(new ProcessStartInfo(
            "ss", ["-tinH", "state", "established", string.Create(CultureInfo.InvariantCulture, $"dport = :{port}")]) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        // "… bytes_acked:812 bytes_received:9210423 segs_out:…"
        return Received().Matches(text).Sum(m => long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"bytes_received:(\d+)")]
    private static partial Regex Received();
}
