using System.Globalization;

namespace PixelGameDev.Benchmarks.Play;

/// <summary>A summary of samples.</summary>
internal sealed record Distribution(int Count, double P50, double P95, double P99, double Min, double Max)
{
    public static Distribution Of(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return sorted.Length == 0
            ? new Distribution(0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN)
            : new Distribution(sorted.Length, At(0.5), At(0.95), At(0.99), sorted[0], sorted[^1]);
        double At(double share) => Math.Round(sorted[(int)((sorted.Length - 1) * share)], 2);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"p50 {P50:0.0}, p95 {P95:0.0}, p99 {P99:0.0}, min {Min:0.0}, max {Max:0.0} (n = {Count})");
}
