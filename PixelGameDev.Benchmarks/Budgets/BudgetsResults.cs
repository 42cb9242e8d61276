namespace PixelGameDev.Benchmarks.Budgets;

/// <summary>Memory of one service, MB (10⁶ bytes).</summary>
internal sealed record ServiceMemory(double Resident, double Heap);

/// <summary>One kind of hostile request.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Requests">How many were sent.</param>
/// <param name="Seconds">How long that took.</param>
/// <param name="Statuses">Answers by status; 0 stands for a closed connection.</param>
/// <param name="Before">Memory before, by service.</param>
/// <param name="After">Memory after.</param>
internal sealed record FloodResult(
    string Kind, int Requests, double Seconds, IReadOnlyDictionary<int, int> Statuses,
    IReadOnlyDictionary<string, ServiceMemory> Before, IReadOnlyDictionary<string, ServiceMemory> After)
{
    /// <summary>True when the memory of every service is at most a tenth more than before.</summary>
    public bool IsBack => Before.All(service => After[service.Key].Resident <= service.Value.Resident * 1.1);
}

/// <summary>What the benchmark found.</summary>
/// <param name="QuotaBytes">Bytes a guest had saved when the quota was met.</param>
/// <param name="QuotaStatus">Status of the answer to one more.</param>
/// <param name="QuotaSentence">What the person reads then.</param>
/// <param name="Floods">Each kind.</param>
/// <param name="Silent">A hundred viewers that never read; null: not measured.</param>
internal sealed record BudgetsResults(
    long QuotaBytes, int QuotaStatus, string QuotaSentence, IReadOnlyList<FloodResult> Floods, SilentResults? Silent = null);
